#include "pipeline/core_settings.h"

#include <gtest/gtest.h>

namespace preforkd {
namespace {

CoreDirectorySettings with(OptionsChange change) {
    CoreDirectorySettings settings;
    settings.options = change;
    return settings;
}

TEST(CoreSettings, AddInnerOptionsToOuterOnes) {
    CoreDirectorySettings inner = with({false, 0, option_multiviews, option_indexes});
    inner.inherit_from(with({true, option_indexes | option_includes, 0, 0}));
    EXPECT_EQ(inner.effective_options(), unsigned{option_includes} | option_multiviews);
}

TEST(CoreSettings, ForgetOuterOptionsWhenInnerOnesReplaceThem) {
    CoreDirectorySettings inner = with({true, option_exec_cgi, 0, 0});
    inner.inherit_from(with({true, option_indexes, 0, 0}));
    EXPECT_EQ(inner.effective_options(), unsigned{option_exec_cgi});
}

TEST(CoreSettings, LetTheInnerOfTwoChangesWin) {
    CoreDirectorySettings inner = with({false, 0, 0, option_indexes});
    inner.inherit_from(with({false, 0, option_indexes | option_exec_cgi, 0}));
    EXPECT_EQ(inner.effective_options(), unsigned{option_follow_symlinks} | option_exec_cgi);
}

TEST(CoreSettings, KeepAnInnerAcceptPathInfoDefault) {
    CoreDirectorySettings outer;
    outer.accept_path_info_on = true;
    outer.accept_path_info_default = false;
    CoreDirectorySettings inner;
    inner.accept_path_info_on = false;
    inner.accept_path_info_default = true;
    inner.inherit_from(outer);
    EXPECT_EQ(inner.accept_path_info_default, true);
}

} // namespace
} // namespace preforkd
