"""Debian's apache2 where a preforkd would be: to see what it does in the same place."""

from server import Server

APACHE = "/usr/sbin/apache2"
MODULES = "/usr/lib/apache2/modules"


class Apache(Server):
    """apache2 with the same directives, as far as a daemon test needs it."""

    def write_configuration(self, directives):
        modules = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
                          for name in ("mpm_prefork", "authz_core"))
        super().write_configuration(modules + directives)

    # On its end it signals its process group, which must not be the test's.
    def launch(self, **options):
        return super().launch(start_new_session=True, **options)

    def command(self):
        return [APACHE, "-d", self.root, "-f", self.configuration, *self.flags]
