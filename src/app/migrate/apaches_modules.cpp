// Which of Apache's own modules a directive belongs to, for those that are none of ours.
#include "app/migrate/module_guide.h"

#include <array>

namespace preforkd::migrate {

namespace {

// A name that ends in '*' stands for all that begin so.
constexpr std::array rows{
    DirectivesOf{"core", "CGIMapExtension GprofDir ScriptInterpreterSource UNCList"},
    DirectivesOf{"mod_auth_form", "AuthForm*"},
    DirectivesOf{"mod_authn_dbd", "AuthDBDUserPWQuery AuthDBDUserRealmQuery"},
    DirectivesOf{"mod_authn_dbm", "AuthDBMType AuthDBMUserFile"},
    DirectivesOf{"mod_authnz_fcgi", "AuthnzFcgiCheckAuthnProvider AuthnzFcgiDefineProvider"},
    DirectivesOf{"mod_authnz_ldap", "AuthLDAP* AuthzLDAP*"},
    DirectivesOf{"mod_authz_dbd", "AuthzDBDLoginToReferer AuthzDBDQuery AuthzDBDRedirectQuery"},
    DirectivesOf{"mod_authz_dbm", "AuthDBMGroupFile AuthzDBMType"},
    DirectivesOf{"mod_cache",
                 "CacheDefaultExpire CacheDetailHeader CacheDisable CacheEnable CacheHeader "
                 "CacheIgnoreCacheControl CacheIgnoreHeaders CacheIgnoreNoLastMod "
                 "CacheIgnoreQueryString CacheIgnoreURLSessionIdentifiers CacheKeyBaseURL "
                 "CacheLastModifiedFactor CacheLock CacheLockMaxAge CacheLockPath CacheMaxExpire "
                 "CacheMinExpire CacheQuickHandler CacheStaleOnError CacheStoreExpired "
                 "CacheStoreNoStore CacheStorePrivate"},
    DirectivesOf{"mod_cache_disk",
                 "CacheDirLength CacheDirLevels CacheMaxFileSize CacheMinFileSize CacheReadSize "
                 "CacheReadTime CacheRoot"},
    DirectivesOf{"mod_cache_socache", "CacheSocache*"},
    DirectivesOf{"mod_cern_meta", "MetaDir MetaFiles MetaSuffix"},
    DirectivesOf{"mod_charset_lite", "CharsetDefault CharsetOptions CharsetSourceEnc"},
    DirectivesOf{"mod_dav", "Dav DavBasePath DavDepthInfinity DavMinTimeout"},
    DirectivesOf{"mod_dav_fs", "DavLockDB DavLockDiscovery"},
    DirectivesOf{"mod_dav_lock", "DavGenericLockDB"},
    DirectivesOf{"mod_dbd",
                 "DBDExptime DBDInitSQL DBDKeep DBDMax DBDMin DBDParams DBDPersist DBDPrepareSQL "
                 "DBDriver"},
    DirectivesOf{"mod_dialup", "ModemStandard"},
    DirectivesOf{"mod_dumpio", "DumpIOInput DumpIOOutput"},
    DirectivesOf{"mod_echo", "ProtocolEcho"},
    DirectivesOf{"mod_file_cache", "CacheFile MMapFile"},
    DirectivesOf{"mod_heartbeat", "HeartbeatAddress"},
    DirectivesOf{"mod_heartmonitor", "HeartbeatListen HeartbeatMaxServers HeartbeatStorage"},
    DirectivesOf{"mod_http2", "H2*"},
    DirectivesOf{"mod_ldap", "LDAP*"},
    DirectivesOf{"mod_lua", "Lua*"},
    DirectivesOf{"mod_md", "MD*"},
    DirectivesOf{"mod_proxy",
                 "BalancerGrowth BalancerInherit BalancerMember BalancerPersist NoProxy Proxy "
                 "Proxy100Continue ProxyAddHeaders ProxyBadHeader ProxyBlock ProxyDomain "
                 "ProxyErrorOverride ProxyIOBufferSize ProxyMatch ProxyMaxForwards ProxyPass "
                 "ProxyPassInherit ProxyPassInterpolateEnv ProxyPassMatch ProxyPassReverse "
                 "ProxyPassReverseCookieDomain ProxyPassReverseCookiePath ProxyPreserveHost "
                 "ProxyReceiveBufferSize ProxyRemote ProxyRemoteMatch ProxyRequests ProxySet "
                 "ProxySourceAddress ProxyStatus ProxyTimeout ProxyVia"},
    DirectivesOf{"mod_proxy_connect", "AllowCONNECT"},
    DirectivesOf{"mod_proxy_express", "ProxyExpressDBMFile ProxyExpressDBMType ProxyExpressEnable"},
    DirectivesOf{"mod_proxy_fcgi", "ProxyFCGIBackendType ProxyFCGISetEnvIf"},
    DirectivesOf{"mod_proxy_ftp",
                 "ProxyFtpDirCharset ProxyFtpEscapeWildcards ProxyFtpListOnWildcard"},
    DirectivesOf{"mod_proxy_hcheck", "ProxyHCExpr ProxyHCTemplate ProxyHCTPsize"},
    DirectivesOf{"mod_proxy_html", "ProxyHTML*"},
    DirectivesOf{"mod_proxy_scgi", "ProxySCGIInternalRedirect ProxySCGISendfile"},
    DirectivesOf{"mod_proxy_wstunnel", "ProxyWebsocketFallbackToProxyHttp"},
    DirectivesOf{"mod_reflector", "ReflectorHeader"},
    DirectivesOf{"mod_sed", "InputSed OutputSed"},
    DirectivesOf{"mod_session",
                 "Session SessionEnv SessionExclude SessionExpiryUpdateInterval SessionHeader "
                 "SessionInclude SessionMaxAge"},
    DirectivesOf{"mod_session_cookie", "SessionCookieName SessionCookieName2 SessionCookieRemove"},
    DirectivesOf{"mod_session_crypto", "SessionCrypto*"},
    DirectivesOf{"mod_session_dbd", "SessionDBD*"},
    DirectivesOf{"mod_socache_memcache", "MemcacheConnTTL"},
    DirectivesOf{"mod_socache_redis", "RedisConnPoolTTL RedisTimeout"},
    DirectivesOf{"mod_suexec", "SuexecUserGroup"},
    DirectivesOf{"mod_xml2enc", "xml2EncAlias xml2EncDefault xml2StartParse"},
    DirectivesOf{"mpm_common", "StartThreads"},
};

} // namespace

std::span<const DirectivesOf> directives_of_apaches_modules() { return rows; }

} // namespace preforkd::migrate
