// A value that a <Limit> can change for some methods only.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "config/directive.h"

namespace preforkd {

template <class T>
class MethodChoice {
  public:
    explicit MethodChoice(T usual) : usual_(usual) {}

    // For every method when there is no limit.
    void set(T value, const config::MethodLimit* limit) {
        if (limit) {
            limited_.emplace_back(*limit, value);
            return;
        }
        usual_ = value;
        limited_.clear();
    }
    // What was said last of the method.
    T of(std::string_view method) const {
        for (auto choice = limited_.rbegin(); choice != limited_.rend(); ++choice)
            if (choice->first.covers(method)) return choice->second;
        return usual_;
    }

  private:
    T usual_;
    std::vector<std::pair<config::MethodLimit, T>> limited_;
};

} // namespace preforkd
