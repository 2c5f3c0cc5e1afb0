/* The contract between preforkd and a module that is built outside its tree.
 *
 * A module is a shared object that LoadModule names. It defines
 *
 *     const struct preforkd_module* preforkd_module_open(const struct preforkd_server* server);
 *
 * which answers what the module is, or a null pointer where it cannot work with this server. The
 * server calls it once in the life of its process, before it forks; the module keeps `server`, and
 * nothing that it answers may be freed or moved.
 *
 * Everything runs in a process with one thread. A child serves one request at a time, so that a
 * module need not be reentrant, and a crash costs one connection.
 *
 * This is C, and stays compatible: structs grow at their ends only and tell their sizes, numbers
 * are never used anew. preforkd/module.hpp makes it pleasant in C++. */
#ifndef PREFORKD_MODULE_H
#define PREFORKD_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a module that was built before no longer works. */
#define PREFORKD_ABI 1

/* Bytes that belong to whoever hands them over and end with their call, if nothing else is said;
 * what the server answers about a request lives as long as the request. No zero byte ends them. A
 * null `data` is no text at all, which is not the same as an empty one. */
typedef struct preforkd_text {
    const char* data;
    size_t size;
} preforkd_text;

/* One request while one of a module's functions works on it. Never to be kept. */
typedef struct preforkd_request preforkd_request;

/* What a function says of a request. Any HTTP status from 300 on is an answer too: the client gets
 * its error page, or is redirected. */
enum {
    PREFORKD_OK = 0,        /* did my part; the next module goes on, a handler has answered */
    PREFORKD_DECLINED = -1, /* not mine */
    PREFORKD_DONE = -2,     /* the response is complete */
};

enum preforkd_level {
    PREFORKD_EMERGENCY,
    PREFORKD_ALERT,
    PREFORKD_CRITICAL,
    PREFORKD_ERROR,
    PREFORKD_WARNING,
    PREFORKD_NOTICE,
    PREFORKD_INFO,
    PREFORKD_DEBUG,
};

/* Texts about a request. Those marked with * a module may change. */
enum preforkd_fact {
    PREFORKD_METHOD,        /* "GET" */
    PREFORKD_REQUEST_LINE,  /* "GET /a?b HTTP/1.1", as the client sent it */
    PREFORKD_PROTOCOL,      /* "HTTP/1.1" */
    PREFORKD_PATH,          /* "/a", decoded and normalized */
    PREFORKD_QUERY,         /* what follows '?'; none where there is no '?' */
    PREFORKD_FILENAME,      /* * absolute; the part that exists */
    PREFORKD_PATH_INFO,     /* what follows it in the path */
    PREFORKD_HANDLER,       /* * who makes the content: SetHandler, AddHandler, else the type */
    PREFORKD_CONTENT_TYPE,  /* * of the response */
    PREFORKD_USER,          /* * whom authentication found; none for nobody */
    PREFORKD_AUTH_TYPE,     /* "Basic" */
    PREFORKD_CLIENT_IP,     /* "127.0.0.1" */
    PREFORKD_HOST,          /* of the request, without a port */
    PREFORKD_DOCUMENT_ROOT, /* of the server */
};

enum preforkd_number {
    PREFORKD_STATUS,           /* of the response */
    PREFORKD_RECEIVED_AT,      /* when the request came: microseconds since 1970 */
    PREFORKD_CONTENT_LENGTH,   /* that the request tells; -1 for none */
    PREFORKD_IS_SUBREQUEST,    /* 1: for a part of another response */
    PREFORKD_HEADER_ONLY,      /* 1: the client wants no content (HEAD) */
    PREFORKD_FILE_EXISTS,      /* 1: there is something at the file name */
    PREFORKD_FILE_IS_REGULAR,  /* 1: and it is a file */
    PREFORKD_FILE_SIZE,        /* bytes */
    PREFORKD_FILE_MODIFIED_AT, /* seconds since 1970 */
    PREFORKD_FILE_OWNER,       /* user id */
    PREFORKD_FILE_GROUP,       /* group id */
    PREFORKD_FILE_INODE,
    PREFORKD_CLIENT_IS_GONE,    /* 1: an earlier write has failed */
    PREFORKD_HEAD_IS_SENT,      /* 1: status and fields can no longer change */
    PREFORKD_ACCEPTS_PATH_INFO, /* AcceptPathInfo: 1 On, 0 Off, -1 as the handler likes */
};

/* Lists of names with values. */
enum preforkd_list {
    PREFORKD_REQUEST_FIELDS,
    PREFORKD_RESPONSE_FIELDS,
    PREFORKD_VARIABLES, /* SetEnv and its kin; what scripts are told after add_script_variables */
    PREFORKD_NOTES,     /* between modules, and for logs: %{name}n */
};

typedef void (*preforkd_visitor)(void* context, preforkd_text name, preforkd_text value);

/* What a server does for its modules. A module that needs a function beyond those it was built with
 * looks at `size` first. */
struct preforkd_server {
    uint32_t abi;
    uint32_t size;       /* of this struct */
    const char* version; /* "preforkd/1.0" */

    /* A line for the error log, if its LogLevel wants one. `request` may be null. */
    void (*log)(preforkd_request* request, enum preforkd_level level, preforkd_text text);

    preforkd_text (*fact)(preforkd_request*, enum preforkd_fact);
    void (*set_fact)(preforkd_request*, enum preforkd_fact, preforkd_text);
    int64_t (*number)(preforkd_request*, enum preforkd_number);

    /* Names of fields compare in any letter case. Several fields of one name are one value, with
     * commas; no data: there is none. */
    preforkd_text (*find)(preforkd_request*, enum preforkd_list, preforkd_text name);
    void (*set)(preforkd_request*, enum preforkd_list, preforkd_text name, preforkd_text value);
    /* Beside those of the same name. */
    void (*add)(preforkd_request*, enum preforkd_list, preforkd_text name, preforkd_text value);
    void (*remove)(preforkd_request*, enum preforkd_list, preforkd_text name);
    void (*each)(preforkd_request*, enum preforkd_list, preforkd_visitor, void* context);
    /* All that RFC 3875 and Apache tell a script, among the variables. */
    void (*add_script_variables)(preforkd_request*);

    /* Memory that the request's end gives back; aligned for anything. */
    void* (*allocate)(preforkd_request*, size_t size);
    /* What the module's directives have set where the request leads: one of the module's own, or
     * null where none was said. Never to be changed. */
    const void* (*settings)(preforkd_request*);

    /* The request's content: how many bytes came, 0 at its end, or a negative HTTP status. */
    int64_t (*read)(preforkd_request*, char* into, size_t size);

    /* An empty reason is the standard one. */
    void (*set_status)(preforkd_request*, int status, preforkd_text reason);
    /* The first content sends the head. 0, or -1 where the client is gone. */
    int (*write)(preforkd_request*, preforkd_text content);
    /* What was written goes to the client now, and so does the head. */
    int (*flush)(preforkd_request*);

    /* Answers with what another path of this server is; a handler answers what this answers. */
    int (*redirect)(preforkd_request*, preforkd_text path);
    /* Puts the content of another path here. PREFORKD_OK, or the status that it has. */
    int (*include)(preforkd_request*, preforkd_text path);

    /* For a filter: passes content on. */
    int (*pass)(preforkd_request*, preforkd_text content);

    /* What a request for another path would find, by the names that PHP's apache_lookup_uri has:
     * "status", "uri", "filename", "path_info", "args", "content_type", "handler" and more. */
    void (*look_up)(preforkd_request*, preforkd_text path, preforkd_visitor, void* context);
    /* The source of each enabled module ("mod_alias"), and its identifier ("alias_module"). */
    void (*each_module)(preforkd_visitor, void* context);

    /* Says in a few words what this child is at or what it holds: up to 95 bytes, beside it on the
     * status page and in the error log if it dies. They stay until others are said. */
    void (*note_child)(preforkd_request*, preforkd_text text);
};

/* How many arguments a directive takes. */
enum preforkd_arguments {
    PREFORKD_NO_ARGUMENTS,
    PREFORKD_FLAG, /* On or Off */
    PREFORKD_ONE,
    PREFORKD_TWO,
    PREFORKD_ONE_OR_TWO,
    PREFORKD_EACH, /* set is called for each of them */
    PREFORKD_WORDS,
};

/* Where it may stand. Combine with |. */
enum {
    PREFORKD_IN_SERVER = 1,       /* outside any section */
    PREFORKD_IN_VIRTUAL_HOST = 2, /* in <VirtualHost> */
    PREFORKD_IN_DIRECTORY = 4,    /* in <Directory>, <Files>, <Location>, <If> */
    PREFORKD_IN_HTACCESS = 8,     /* in .htaccess, where AllowOverride has its class */
};

/* Classes of AllowOverride. */
enum {
    PREFORKD_OVERRIDE_LIMIT = 1,
    PREFORKD_OVERRIDE_OPTIONS = 2,
    PREFORKD_OVERRIDE_FILE_INFO = 4,
    PREFORKD_OVERRIDE_AUTH_CONFIG = 8,
    PREFORKD_OVERRIDE_INDEXES = 16,
};

/* A directive as it was found, with as many arguments as it takes. */
struct preforkd_invocation {
    const struct preforkd_directive* directive;
    const preforkd_text* arguments;
    size_t count;
    const char* server_root;
    int in_htaccess;
};

struct preforkd_directive {
    const char* name;
    enum preforkd_arguments arguments;
    unsigned where;
    unsigned override_class;
    const char* usage; /* a sentence for error messages */
    /* Null, or what is wrong, in a text that lives until the next call. `settings` is what
     * create_settings made for the section at hand. */
    const char* (*set)(void* settings, const struct preforkd_invocation*);
};

struct preforkd_module {
    uint32_t abi;     /* PREFORKD_ABI */
    uint32_t size;    /* of this struct, as the module was built */
    const char* name; /* "php" for php_module */

    const struct preforkd_directive* directives;
    size_t directive_count;
    /* What the directives of one section set, and `inner` where it speaks, else `outer`, as a new
     * one. Only where there are directives. */
    void* (*create_settings)(void);
    void* (*merge_settings)(const void* outer, const void* inner);
    void (*destroy_settings)(void*);

    /* In the control process, before children are forked, at the start and at each reload. `main`
     * is what the directives outside any section have set. 0, or -1 after a line in the log: then
     * the server does not start, or goes on as it was. */
    int (*start)(const void* main, const char* server_root);
    /* In a child, as the server's user: before its first connection, and when it ends in order. */
    void (*child_start)(void);
    void (*child_exit)(void);

    /* Phases, in their order (see docs/life-of-a-request.md); the server's own modules come first.
     */
    int (*post_read_request)(preforkd_request*);
    int (*translate_name)(preforkd_request*);
    int (*access_checker)(preforkd_request*);
    int (*fixups)(preforkd_request*);
    int (*handler)(preforkd_request*);
    void (*log_transaction)(preforkd_request*);

    /* A response is about to be sent, its fields may still change: 1 where its content is to come
     * by `filter`. */
    int (*begin_filter)(preforkd_request*);
    /* Content of the response, part by part; `is_end` comes once, with the last, which may be
     * empty. Answers 0, or -1 to break the response off. */
    int (*filter)(preforkd_request*, preforkd_text content, int is_end);
};

#ifdef __cplusplus
}
#endif

#endif
