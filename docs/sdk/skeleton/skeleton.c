/* A module that answers: SetHandler hello, and HelloText says what. */
#include <preforkd/module.h>
#include <stdlib.h>
#include <string.h>

static const struct preforkd_server *server;

struct settings {
    char *greeting;
};

static void *create(void) { return calloc(1, sizeof(struct settings)); }

static void destroy(void *settings) {
    free(((struct settings *)settings)->greeting);
    free(settings);
}

static void *merge(const void *outer, const void *inner) {
    const struct settings *said = inner;
    const char *greeting = said->greeting ? said->greeting : ((const struct settings *)outer)->greeting;
    struct settings *merged = create();
    if (greeting) merged->greeting = strdup(greeting);
    return merged;
}

static const char *set_text(void *settings, const struct preforkd_invocation *said) {
    struct settings *own = settings;
    if (said->arguments[0].size == 0) return "HelloText needs a text";
    free(own->greeting);
    own->greeting = strndup(said->arguments[0].data, said->arguments[0].size);
    return NULL;
}

static preforkd_text text(const char *string) { return (preforkd_text){string, strlen(string)}; }

static int handler(preforkd_request *request) {
    const preforkd_text wanted = server->fact(request, PREFORKD_HANDLER);
    if (wanted.size != 5 || memcmp(wanted.data, "hello", 5) != 0) return PREFORKD_DECLINED;
    const struct settings *own = server->settings(request);
    server->set_fact(request, PREFORKD_CONTENT_TYPE, text("text/plain"));
    server->write(request, text(own && own->greeting ? own->greeting : "hello"));
    server->write(request, text("\n"));
    return PREFORKD_OK;
}

static const struct preforkd_directive directives[] = {
    {"HelloText", PREFORKD_ONE,
     PREFORKD_IN_SERVER | PREFORKD_IN_VIRTUAL_HOST | PREFORKD_IN_DIRECTORY | PREFORKD_IN_HTACCESS,
     PREFORKD_OVERRIDE_FILE_INFO, "what the handler hello answers", set_text},
};

static const struct preforkd_module skeleton = {
    .abi = PREFORKD_ABI,
    .size = sizeof(struct preforkd_module),
    .name = "hello",
    .directives = directives,
    .directive_count = sizeof directives / sizeof *directives,
    .create_settings = create,
    .merge_settings = merge,
    .destroy_settings = destroy,
    .handler = handler,
};

const struct preforkd_module *preforkd_module_open(const struct preforkd_server *loader) {
    server = loader;
    return loader->abi == PREFORKD_ABI ? &skeleton : NULL;
}
