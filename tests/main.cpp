// The runner of the unit and flow tests; closes with a line that counts.
#if __has_include(<catch2/catch_all.hpp>)
#include "catch.hpp"
int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
#else
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
#endif
