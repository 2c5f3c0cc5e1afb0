// What PHP's library allocates while it starts and never frees, which is no leak of ours. The
// sanitizers ask for it by this name.
extern "C" const char* __lsan_default_suppressions() { return "leak:zend_register_functions\n"; }
