#include "modules/mapping/mime/types_table.h"

#include "base/text.h"
#include "config/line_reader.h"
#include "os/file.h"

namespace preforkd {

namespace {

constexpr std::size_t longest = 255;

std::size_t hash_of(std::string_view text) { return std::hash<std::string_view>()(text); }

// Takes the next word off the front of `line`.
std::string_view next_word(std::string_view& line) {
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    std::size_t end = 0;
    while (end < line.size() && !is_space(line[end])) ++end;
    const auto word = line.substr(0, end);
    line.remove_prefix(end);
    return word;
}

} // namespace

Result<TypesTable> TypesTable::read(const std::string& path) {
    const auto content = read_whole_file(path);
    if (!content) return content.error();
    return parse(*content);
}

TypesTable TypesTable::parse(std::string_view content) {
    TypesTable table;
    config::LineReader lines("TypesConfig", std::string(content));
    for (auto more = lines.next(); more && *more; more = lines.next()) {
        std::string_view line = lines.line();
        if (line.starts_with('#')) continue;
        const auto type = next_word(line);
        auto extension = next_word(line);
        if (extension.empty() || type.size() > longest) continue;
        const auto place = static_cast<std::uint32_t>(table.text_.size());
        table.text_ += type;
        for (; !extension.empty(); extension = next_word(line))
            table.add(lower(extension), place, type.size());
    }
    table.text_.shrink_to_fit();
    return table;
}

std::string_view TypesTable::find(std::string_view extension) const {
    if (slots_.empty()) return {};
    const Slot& slot = slots_[slot_for(extension)];
    return std::string_view(text_).substr(slot.type, slot.type_size);
}

std::string_view TypesTable::extension_of(const Slot& slot) const {
    return std::string_view(text_).substr(slot.extension, slot.extension_size);
}

std::size_t TypesTable::slot_for(std::string_view extension) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t place = hash_of(extension) & mask;
    while (slots_[place].type_size != 0 && extension_of(slots_[place]) != extension)
        place = (place + 1) & mask;
    return place;
}

void TypesTable::add(std::string_view extension, std::uint32_t type, std::size_t type_size) {
    if (extension.size() > longest) return;
    if (count_ * 2 >= slots_.size()) grow();
    Slot& slot = slots_[slot_for(extension)];
    if (slot.type_size == 0) {
        slot.extension = static_cast<std::uint32_t>(text_.size());
        slot.extension_size = static_cast<std::uint8_t>(extension.size());
        text_ += extension;
        ++count_;
    }
    slot.type = type;
    slot.type_size = static_cast<std::uint8_t>(type_size);
}

void TypesTable::grow() {
    std::vector<Slot> slots(slots_.empty() ? 64 : slots_.size() * 2);
    std::swap(slots, slots_);
    for (const Slot& slot : slots)
        if (slot.type_size != 0) slots_[slot_for(extension_of(slot))] = slot;
}

} // namespace preforkd
