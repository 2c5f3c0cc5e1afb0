#include "control/child_table.h"

#include <algorithm>
#include <utility>

namespace preforkd {

std::optional<int> ChildTable::free_slot() const {
    const auto found = std::find_if(records_.begin(), records_.end(),
                                    [](const ChildRecord& record) { return record.pid == 0; });
    if (found == records_.end()) return std::nullopt;
    return static_cast<int>(found - records_.begin());
}

void ChildTable::add(int slot, pid_t pid, unsigned generation, int bucket) {
    (*this)[slot] = {
        .pid = pid, .generation = generation, .bucket = bucket, .forked_at = SteadyClock::now()};
    ++count_;
}

std::optional<int> ChildTable::slot_of(pid_t pid) const {
    const auto found = std::find_if(records_.begin(), records_.end(),
                                    [&](const ChildRecord& record) { return record.pid == pid; });
    if (found == records_.end()) return std::nullopt;
    return static_cast<int>(found - records_.begin());
}

ChildRecord ChildTable::remove(int slot) {
    --count_;
    return std::exchange((*this)[slot], {});
}

int ChildTable::highest() const {
    int slot = static_cast<int>(records_.size()) - 1;
    while (slot >= 0 && (*this)[slot].pid == 0) --slot;
    return slot;
}

void ChildTable::each(const std::function<void(int, ChildRecord&)>& visit) {
    for (std::size_t i = 0; i < records_.size(); ++i)
        if (records_[i].pid != 0) visit(static_cast<int>(i), records_[i]);
}

} // namespace preforkd
