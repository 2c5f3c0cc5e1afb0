// A page made from a database: "SetHandler report" with ReportDatabase and ReportQuery. SQLite is
// used in the mode that threads must not share, and its connection stays open: a child serves one
// request at a time, and is the only one that knows it.
#include <memory>
#include <preforkd/module.hpp>
#include <sqlite3.h>
#include <string>

namespace {

using preforkd::sdk::Request;
using preforkd::sdk::view;

struct Settings {
    std::string database, query;
    void inherit_from(const Settings& outer) {
        if (database.empty()) database = outer.database;
        if (query.empty()) query = outer.query;
    }
};

template <std::string Settings::*Field>
const char* set(void* settings, const preforkd_invocation* said) {
    static_cast<Settings*>(settings)->*Field = view(said->arguments[0]);
    return nullptr;
}

struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// The database that this child has asked last.
struct {
    std::string file;
    std::unique_ptr<sqlite3, Close> connection;
} open_database;

sqlite3* database(const Request& request, const std::string& file) {
    if (open_database.connection && open_database.file == file)
        return open_database.connection.get();
    sqlite3* connection = nullptr;
    const int outcome = sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr);
    open_database.connection.reset(connection);
    open_database.file = file;
    request.note_child("holds " + file);
    return outcome == SQLITE_OK ? connection : nullptr;
}

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        if (c == '&') html += "&amp;";
        else if (c == '<') html += "&lt;";
        else html += c;
    }
    return html;
}

std::string cell(sqlite3_stmt* row, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return "<td>" + escaped(text ? text : "") + "</td>";
}

int fail(Request request, const std::string& why) {
    request.log(PREFORKD_ERROR, "report: " + why);
    return 500;
}

int answer(preforkd_request* native) {
    const Request request(native);
    if (request.handler() != "report") return PREFORKD_DECLINED;
    const auto& settings = request.settings<Settings>();
    sqlite3* connection = database(request, settings.database);
    if (!connection) return fail(request, "cannot open " + settings.database);
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(connection, settings.query.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
        return fail(request, sqlite3_errmsg(connection));
    const std::unique_ptr<sqlite3_stmt, Close> rows(prepared);
    request.set_content_type("text/html; charset=utf-8");
    request.write("<!DOCTYPE html>\n<title>Report</title>\n<table>\n");
    while (sqlite3_step(prepared) == SQLITE_ROW) {
        std::string line = "<tr>";
        for (int i = 0; i < sqlite3_column_count(prepared); ++i) line += cell(prepared, i);
        if (!request.write(line + "</tr>\n")) return PREFORKD_OK; // the client is gone
    }
    request.write("</table>\n");
    return PREFORKD_OK;
}

constexpr unsigned anywhere = PREFORKD_IN_SERVER | PREFORKD_IN_VIRTUAL_HOST | PREFORKD_IN_DIRECTORY;

const preforkd_directive directives[] = {
    {"ReportDatabase", PREFORKD_ONE, anywhere, 0, "a file of SQLite's", set<&Settings::database>},
    {"ReportQuery", PREFORKD_ONE, anywhere, 0, "what the page shows, in SQL",
     set<&Settings::query>},
};

const preforkd_module report = [] {
    preforkd_module module{};
    module.abi = PREFORKD_ABI;
    module.size = sizeof module;
    module.name = "report";
    module.directives = directives;
    module.directive_count = std::size(directives);
    module.create_settings = preforkd::sdk::SettingsOf<Settings>::create;
    module.merge_settings = preforkd::sdk::SettingsOf<Settings>::merge;
    module.destroy_settings = preforkd::sdk::SettingsOf<Settings>::destroy;
    module.handler = answer;
    return module;
}();

} // namespace

extern "C" const preforkd_module* preforkd_module_open(const preforkd_server* server) {
    preforkd::sdk::server = server;
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    return server->abi == PREFORKD_ABI ? &report : nullptr;
}
