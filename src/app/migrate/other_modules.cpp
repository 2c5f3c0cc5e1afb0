// Directives of modules that do not come with Apache, and of Apaches before 2.4.
#include "app/migrate/module_guide.h"

#include <array>

namespace preforkd::migrate {

namespace {

constexpr std::array known_modules{
    DirectivesOf{"mod_fcgid", "Fcgid* FCGIWrapper IPCCommTimeout IPCConnectTimeout SocketPath "
                              "SharememPath MaxProcessCount DefaultMaxClassProcessCount "
                              "MaxRequestLen PHP_Fix_Pathinfo_Enable"},
    DirectivesOf{"mod_fastcgi",
                 "FastCgiServer FastCgiExternalServer FastCgiConfig FastCgiIpcDir FastCgiWrapper "
                 "FastCgiAccessChecker FastCgiAuthenticator FastCgiAuthorizer FastCgiSuexec"},
    DirectivesOf{"mod_wsgi", "WSGI*"},
    DirectivesOf{"mod_security", "Sec*"},
    DirectivesOf{"mod_perl", "Perl*"},
    DirectivesOf{"mod_php", "php_value php_flag php_admin_value php_admin_flag PHPIniDir"},
    DirectivesOf{"mod_passenger", "Passenger* Rails* Rack* UnionStation*"},
    DirectivesOf{"mpm_itk", "AssignUserID AssignUserIDExpr AssignGroupIDExpr MaxClientsVHost "
                            "NiceValue LimitUIDRange LimitGIDRange EnableCapabilities"},
    DirectivesOf{"mod_ruid2", "RMode RUidGid RGroups RDefaultUidGid RMinUidGid RDocumentChRoot"},
    DirectivesOf{"mod_suphp", "suPHP_*"},
    DirectivesOf{"mod_geoip", "GeoIP*"},
    DirectivesOf{"mod_maxminddb", "MaxMind*"},
    DirectivesOf{"mod_evasive", "DOS*"},
    DirectivesOf{"mod_qos", "QS_*"},
    DirectivesOf{"mod_cband", "CBand*"},
    DirectivesOf{"mod_bw", "BandWidth* MinBandWidth LargeFileLimit MaxConnection"},
    DirectivesOf{"mod_rpaf", "RPAF*"},
    DirectivesOf{"mod_cloudflare", "CloudFlare*"},
    DirectivesOf{"mod_xsendfile", "XSendFile*"},
    DirectivesOf{"mod_pagespeed", "ModPagespeed*"},
    DirectivesOf{"mod_jk", "Jk*"},
    DirectivesOf{"mod_auth_openidc", "OIDC*"},
    DirectivesOf{"mod_auth_mellon", "Mellon*"},
    DirectivesOf{"mod_auth_cas", "CAS*"},
    DirectivesOf{"mod_auth_gssapi", "Gssapi*"},
    DirectivesOf{"mod_auth_kerb", "Krb* KrbMethodNegotiate"},
    DirectivesOf{"mod_auth_tkt", "TKTAuth*"},
    DirectivesOf{"mod_auth_plain", "AuthPlain*"},
    DirectivesOf{"mod_auth_mysql", "AuthMySQL* Auth_MySQL*"},
    DirectivesOf{"mod_auth_pgsql", "Auth_PG_*"},
    DirectivesOf{"mod_authnz_external",
                 "DefineExternal* AddExternal* AuthExternal* GroupExternal*"},
    DirectivesOf{"mod_authnz_pam", "AuthPAM*"},
    DirectivesOf{"mod_shib", "Shib*"},
    DirectivesOf{"mod_dav_svn", "SVN*"},
    DirectivesOf{"mod_authz_svn", "AuthzSVN* AuthzForceUsernameCase"},
    DirectivesOf{"mod_tile", "ModTile* AddTileConfig LoadTileConfigFile"},
    DirectivesOf{"mod_mono", "Mono*"},
    DirectivesOf{"mod_python", "Python*"},
    DirectivesOf{"mod_dnssd", "DNSSD*"},
    DirectivesOf{"mod_vhost_ldap", "VhostLDAP*"},
    DirectivesOf{"mod_dispatcher", "Dispatcher*"},
    DirectivesOf{"mod_gridsite", "GridSite*"},
    DirectivesOf{"mod_gnutls", "GnuTLS*"},
    DirectivesOf{"mod_nss", "NSS*"},
    DirectivesOf{"mod_lisp", "Lisp*"},
    DirectivesOf{"mod_gzip", "mod_gzip_*"},
    DirectivesOf{"LiteSpeed", "CacheLookup LsCache*"},
    DirectivesOf{before_2_4,
                 "LockFile AcceptMutex SSLMutex RewriteLock RewriteLog RewriteLogLevel "
                 "DefaultType StartThreads AuthDBDProvider AuthDefaultAuthoritative "
                 "AuthzDefaultAuthoritative AuthzUserAuthoritative AuthzGroupFileAuthoritative "
                 "AuthUserFileAuthoritative AuthGroupFileAuthoritative CookieLog "
                 "IdentityCheck IdentityCheckTimeout Port BindAddress ServerType AddModule "
                 "ClearModuleList AuthAuthoritative FancyIndexing ResourceConfig AccessConfig"},
};

} // namespace

std::span<const DirectivesOf> directives_of_other_modules() { return known_modules; }

} // namespace preforkd::migrate
