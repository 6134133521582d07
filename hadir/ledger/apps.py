from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hadir.ledger"
    label = "ledger"
