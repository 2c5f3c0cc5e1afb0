// What PHP's library allocates while it starts and never frees, which is no leak of ours; and that
// nobody is to be told of it. The sanitizers ask for these by name.
extern "C" const char* __lsan_default_suppressions() { return "leak:zend_register_functions\n"; }
extern "C" const char* __asan_default_options() { return "print_suppressions=0"; }
