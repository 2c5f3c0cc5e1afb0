#include "modules/external/external_module.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "config/settings.h"
#include "modules/external/exchange.h"
#include "modules/modules.h"
#include "os/file.h"
#include "os/program.h"
#include "os/shared_library.h"
#include "pipeline/output_filter.h"

namespace preforkd {

namespace {

// Hooks and settings are functions and types of their own for each module: so many are made.
constexpr std::size_t most_modules = 8;

struct Loaded {
    const preforkd_module* contract = nullptr;
    std::string identifier, file, source;
};
std::array<Loaded, most_modules> loaded;
std::size_t loaded_count = 0;

template <std::size_t N>
const preforkd_module& contract() {
    return *loaded[N].contract;
}

// What the module's directives set in one section.
template <std::size_t N>
struct ExternalSettings {
    static constexpr config::Scope scope = config::Scope::directory;
    std::shared_ptr<void> value;

    void inherit_from(const ExternalSettings& outer) {
        if (!outer.value) return;
        value = value ? owned(contract<N>().merge_settings(outer.value.get(), value.get()))
                      : outer.value;
    }
    void* made() {
        if (!value) value = owned(contract<N>().create_settings());
        return value.get();
    }

  private:
    static std::shared_ptr<void> owned(void* settings) {
        return {settings, contract<N>().destroy_settings};
    }
};

template <std::size_t N>
preforkd_request exchange_for(Request& request) {
    return {.request = request,
            .module = contract<N>().name,
            .settings = request.of<ExternalSettings<N>>().value.get()};
}

Verdict verdict_of(int answer) {
    switch (answer) {
    case PREFORKD_OK: return ok;
    case PREFORKD_DECLINED: return declined;
    case PREFORKD_DONE: return done;
    default: return refuse(answer);
    }
}

template <std::size_t N, auto Phase>
Verdict run_phase(Request& request) {
    auto exchange = exchange_for<N>(request);
    return verdict_of((contract<N>().*Phase)(&exchange));
}

template <std::size_t N>
Verdict run_handler(Request& request, Responder& responder) {
    auto exchange = exchange_for<N>(request);
    exchange.responder = &responder;
    const int answer = contract<N>().handler(&exchange);
    if (answer == PREFORKD_DECLINED) return declined;
    if (answer > 0 && !exchange.content) return refuse(answer);
    if (answer == PREFORKD_DONE && !exchange.content) return done; // somebody else has answered
    if (!exchange.content) {
        if (!request.header_only()) request.response.length = 0; // no filter need wait for any
        exchange.content = &responder.send(request);
    }
    static_cast<void>(exchange.content->finish());
    return done;
}

template <std::size_t N>
void log_transaction(Request& request) {
    auto exchange = exchange_for<N>(request);
    contract<N>().log_transaction(&exchange);
}

// Content on its way through a module's filter. Lives in the request's arena.
template <std::size_t N>
class ExternalSink final : public FilterSink {
  public:
    ExternalSink(Request& request, http::BodySink& next) : request_(request) { pass_to(next); }
    Status write(std::string_view bytes) override { return filter(bytes, false); }
    Status finish() override {
        if (auto filtered = filter({}, true); !filtered) return filtered;
        return next_->finish();
    }

  private:
    Status filter(std::string_view bytes, bool is_end) {
        auto exchange = exchange_for<N>(request_);
        exchange.filtered = next_;
        if (contract<N>().filter(&exchange, {bytes.data(), bytes.size()}, is_end) == 0) return {};
        request_.response.filter_failed = true;
        return Error{"a filter has given up"};
    }
    Request& request_;
};

template <std::size_t N>
http::BodySink* filter_response(Request& request, http::BodySink* next) {
    auto exchange = exchange_for<N>(request);
    if (contract<N>().begin_filter(&exchange) <= 0) return next;
    withdraw_length(request.response);
    return new (request.arena.bytes_for<ExternalSink<N>>()) ExternalSink<N>(request, *next);
}

template <std::size_t N>
Status start(config::Configuration& configuration) {
    const auto& main = configuration.main_server();
    work_outside(configuration, contract<N>().name);
    const auto* said = main.directory_settings.find<ExternalSettings<N>>();
    if (contract<N>().start(said ? said->value.get() : nullptr,
                            configuration.server_root.c_str()) == 0)
        return {};
    return Error{fmt::format("{} could not be started", loaded[N].identifier)};
}

template <std::size_t N>
void start_child(const config::Configuration& configuration) {
    work_outside(configuration, contract<N>().name);
    if (contract<N>().child_start) contract<N>().child_start();
}

template <std::size_t N>
Status apply(config::Invocation& invocation, config::Arguments arguments) {
    const auto& module = contract<N>();
    const preforkd_directive* directive = module.directives;
    while (invocation.directive.name != directive->name) ++directive;
    std::vector<preforkd_text> texts;
    for (const auto& argument : arguments) texts.push_back({argument.data(), argument.size()});
    const preforkd_invocation said{.directive = directive,
                                   .arguments = texts.data(),
                                   .count = texts.size(),
                                   .server_root = invocation.configuration.server_root.c_str(),
                                   .in_htaccess = invocation.in_htaccess};
    auto& settings = invocation.settings.edit<ExternalSettings<N>>();
    if (const char* wrong = directive->set(settings.made(), &said)) return Error{wrong};
    return {};
}

config::Shape shape_of(preforkd_arguments arguments) {
    switch (arguments) {
    case PREFORKD_NO_ARGUMENTS: return config::Shape::no_arguments;
    case PREFORKD_FLAG: return config::Shape::flag;
    case PREFORKD_ONE: return config::Shape::one;
    case PREFORKD_TWO: return config::Shape::two;
    case PREFORKD_ONE_OR_TWO: return config::Shape::one_or_two;
    case PREFORKD_EACH: return config::Shape::each;
    case PREFORKD_WORDS: break;
    }
    return config::Shape::words;
}

template <std::size_t N>
Hooks hooks() {
    const auto& module = contract<N>();
    Hooks hooks;
    if (module.start) hooks.post_config = start<N>;
    hooks.child_init = start_child<N>;
    hooks.child_exit = module.child_exit;
#define PREFORKD_PHASE(phase)                                                                      \
    if (module.phase) hooks.phase = run_phase<N, &preforkd_module::phase>
    PREFORKD_PHASE(post_read_request);
    PREFORKD_PHASE(translate_name);
    PREFORKD_PHASE(access_checker);
    PREFORKD_PHASE(fixups);
#undef PREFORKD_PHASE
    if (module.handler) hooks.handler = run_handler<N>;
    if (module.log_transaction) hooks.log_transaction = log_transaction<N>;
    if (module.begin_filter && module.filter) hooks.filter_response = filter_response<N>;
    return hooks;
}

template <std::size_t N>
Module module_of() {
    const auto& contract = *loaded[N].contract;
    Module module{
        .name = contract.name, .source = loaded[N].source, .identifier = loaded[N].identifier};
    for (std::size_t i = 0; i < contract.directive_count; ++i) {
        const auto& directive = contract.directives[i];
        module.directives.push_back({directive.name, shape_of(directive.arguments), directive.where,
                                     directive.override_class, apply<N>, directive.usage});
    }
    module.settings.push_back(config::settings_type<ExternalSettings<N>>());
    module.hooks = hooks<N>();
    return module;
}

template <std::size_t... N>
Module module_at(std::size_t place, std::index_sequence<N...>) {
    using Make = Module (*)();
    constexpr Make makers[]{module_of<N>...};
    return makers[place]();
}

// Ours come first: a configuration that was Apache's names the file of Apache's module.
std::string file_of(const std::string& identifier, const std::string& file) {
    const std::string program = own_program_file();
    const std::string folder = program.substr(0, program.rfind('/'));
    for (const auto* place : {"/modules/", "/../lib/preforkd/modules/"}) {
        const auto ours = fmt::format("{}{}{}.so", folder, place, identifier);
        struct stat status {};
        if (stat_path(ours.c_str(), status) == 0) return ours;
    }
    return file;
}

Error cannot_load(const std::string& file, std::string_view why) {
    return Error{fmt::format("Cannot load {} into server: {}", file, why)};
}

using Open = const preforkd_module* (*)(const preforkd_server*);

constexpr const char* entry = "preforkd_module_open";

// Another server's module is not even opened: it would call for functions that are not here.
bool is_module_for_us(const std::string& file) {
    const auto content = read_whole_file(file);
    return content && content->find(entry) != std::string::npos;
}

Result<const preforkd_module*> open_module(const std::string& file) {
    if (!is_module_for_us(file)) return Error{"no module for this server", ENOENT};
    const auto function = load_function(file, entry);
    if (!function) return cannot_load(file, function.error().what);
    if (!*function) return cannot_load(file, fmt::format("it defines no {}", entry));
    const auto* contract = reinterpret_cast<Open>(*function)(&functions_for_modules());
    if (!contract) return cannot_load(file, "it does not work with this server");
    if (contract->abi != PREFORKD_ABI)
        return cannot_load(file, fmt::format("it was built for version {} of the module interface, "
                                             "and this server has version {}",
                                             contract->abi, PREFORKD_ABI));
    return contract;
}

} // namespace

Result<const Module*> load_external_module(const std::string& identifier, const std::string& file) {
    for (const Module& module : all_modules())
        if (module.identifier == identifier) return &module;
    if (loaded_count == most_modules)
        return cannot_load(file,
                           fmt::format("there are {} modules from files already", most_modules));
    const std::string path = file_of(identifier, file);
    const auto contract = open_module(path);
    if (!contract) return contract.error();
    if (identifier != fmt::format("{}_module", (*contract)->name))
        return cannot_load(
            path, fmt::format("it holds {}_module, not {}", (*contract)->name, identifier));
    loaded[loaded_count] = {*contract, identifier, path,
                            fmt::format("mod_{}.c", (*contract)->name)};
    auto module = module_at(loaded_count++, std::make_index_sequence<most_modules>());
    for (const auto& type : module.settings) config::SettingsRegistry::instance().add(type);
    return &add_module(std::move(module));
}

} // namespace preforkd
