import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import User
from articles.search.indexing import complete

ADMINISTRATOR = "admin"


class Command(BaseCommand):
    help = "Migrate, fill an empty database with the sample newsroom, make an administrator, and say how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        administrator = User.objects.filter(is_superuser=True).order_by("id").first() or self.make_administrator()
        self.load_sample(administrator)
        sum(complete())  # articles of an older version that had no search
        self.stdout.write(f"\n  Site        {settings.SITE_URL}/")
        self.stdout.write(f"  Admin       {settings.SITE_URL}/admin/")
        self.stdout.write(f"  User        {administrator.username}")
        self.stdout.write(f"  Password    {self.password_of(administrator)}\n")

    @property
    def password_file(self) -> Path:
        return Path(settings.DATA_DIR) / "administrator-password"

    def make_administrator(self) -> User:
        password = secrets.token_urlsafe(15)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(password, encoding="utf-8")
        return User.objects.create_superuser(ADMINISTRATOR, password=password)

    def password_of(self, user: User) -> str:
        """The generated password for as long as it is still the one in use."""
        password = self.password_file.read_text(encoding="utf-8") if self.password_file.exists() else ""
        if password and user.check_password(password):
            return password
        return "(the one that you have set)"

    def load_sample(self, by: User) -> None:
        from newsroom.sample import is_empty, load_sample  # noqa: PLC0415 - heavy, and only a first start needs it

        if is_empty():
            self.stdout.write("Filling the empty database with the sample newsroom ...")
            count = load_sample(by=by)
            self.stdout.write(f"{count} articles loaded.")
