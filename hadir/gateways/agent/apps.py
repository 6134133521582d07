from django.apps import AppConfig


class AgentGatewayConfig(AppConfig):
    name = "hadir.gateways.agent"
    label = "agent_gateway"
