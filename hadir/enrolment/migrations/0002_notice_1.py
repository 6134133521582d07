"""The first text of the notice. A later text is a new version, never an edit of this one."""

from datetime import datetime, timezone

from django.db import migrations

from hadir.core.ids import new_id

TITLE_ID = "Pemberitahuan tentang data wajah Anda"
TEXT_ID = """\
Apa yang dilakukan. Kios di sekolah mengenali wajah Anda untuk mencatat jam datang dan pulang. Untuk itu beberapa gambar wajah Anda diambil sekali, diubah menjadi deretan angka (templat), lalu gambarnya dihapus. Yang disimpan hanya templat, bukan foto. Templat disandikan, dan kuncinya berada di luar basis data.

Mengapa dan atas dasar apa. Data wajah adalah data pribadi spesifik (pasal 4 UU 27/2022 tentang Pelindungan Data Pribadi). Dinas memprosesnya untuk melaksanakan tugas pelayanan publik dan kewenangannya mengelola kehadiran pegawai (pasal 20 ayat 2 huruf e), kecuali bila di bawah dipilih dasar lain. Templat tidak dipakai untuk tujuan lain, dan tidak diberikan kepada pihak lain.

Siapa yang memegangnya. Dinas pendidikan tempat Anda bertugas. Kios sekolah Anda menyimpan salinan templat yang tersandi agar dapat bekerja tanpa internet. Setiap pendaftaran, pemeriksaan, dan penghapusan dicatat: siapa yang melakukannya dan kapan.

Berapa lama. Selama Anda bertugas di sekolah yang memakai Hadir. Templat dihapus bila Anda tidak lagi bertugas, bila diganti dengan yang baru, atau bila Anda memintanya. Catatan jam datang dan pulang disimpan menurut aturan arsip kepegawaian.

Bila Anda tidak mau, atau wajah tidak dikenali. Anda boleh memakai cara lain yang disediakan sekolah, dengan saksi. Ini tidak mengurangi hak, gaji, atau tunjangan Anda, dan Anda tidak dianggap alpa karenanya. Kios tidak pernah menjatuhkan sanksi; keputusan tentang Anda selalu dibuat oleh manusia.

Hak Anda (pasal 5 sampai 13). Anda boleh bertanya data apa yang disimpan dan untuk apa; melihat dan meminta salinannya; meminta yang salah diperbaiki; meminta pemrosesan dihentikan, ditunda, atau dibatasi; meminta templat dihapus; menarik persetujuan bila itu dasarnya; berkeberatan atas keputusan yang hanya dibuat oleh mesin; serta menggugat dan menerima ganti rugi bila aturan dilanggar.

Ke mana bertanya. Operator sekolah Anda, atau bagian kepegawaian dinas pendidikan. Jawaban diberikan paling lambat 3 x 24 jam."""

TITLE_EN = "Notice about your face data"
TEXT_EN = """\
What happens. The kiosk at your school recognises your face to record when you arrive and leave. For this, a few pictures of your face are taken once and turned into a row of numbers (a template); the pictures are then deleted. Only the template is kept, never a photo. Templates are encrypted, and the key is kept outside the database.

Why, and on which legal basis. A face is specific personal data (article 4 of Law 27/2022 on Personal Data Protection). The education office processes it to carry out its public task and its authority over staff attendance (article 20 paragraph 2 letter e), unless another basis is chosen below. Templates serve no other purpose and are given to nobody else.

Who holds it. The education office you work for. The kiosk of your school keeps an encrypted copy of the templates so that it can work without internet. Every enrolment, review and deletion is recorded: who did it and when.

For how long. As long as you work at a school that uses Hadir. Templates are deleted when you no longer do, when new ones replace them, or when you ask for it. The record of your hours is kept according to the archive rules for staff files.

If you do not want this, or your face is not recognised. You may use the other way that your school offers, with a witness. It does not reduce your rights, pay or allowances, and you are not counted as absent for it. The kiosk never imposes a sanction; decisions about you are always made by people.

Your rights (articles 5 to 13). You may ask which data is kept and why; see it and ask for a copy; have mistakes corrected; ask that processing be stopped, delayed or limited; ask for your templates to be deleted; withdraw consent where that is the basis; object to a decision made by a machine alone; and sue and be compensated where the rules were broken.

Where to ask. The operator of your school, or the staff department of the education office. You get an answer within 3 x 24 hours."""


def add_notice(apps, schema_editor):
    Notice = apps.get_model("enrolment", "Notice")
    since = datetime(2026, 1, 1, tzinfo=timezone.utc)
    for language, title, text in (("id", TITLE_ID, TEXT_ID), ("en", TITLE_EN, TEXT_EN)):
        Notice.objects.create(
            id=new_id(), version=1, language=language, title=title, text=text, basis="public_task", valid_from=since
        )


def remove_notice(apps, schema_editor):
    apps.get_model("enrolment", "Notice").objects.filter(version=1).delete()


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0001_initial")]

    operations = [migrations.RunPython(add_notice, remove_notice)]
