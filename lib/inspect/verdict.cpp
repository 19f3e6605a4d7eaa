#include <idchip/inspect/verdict.hpp>

namespace idchip::inspect {

std::string_view name(Outcome outcome) {
    switch (outcome) {
        case Outcome::pass: return "PASS";
        case Outcome::note: return "NOTE";
        case Outcome::not_applicable: return "N/A";
        case Outcome::inconclusive: return "INCONC";
        case Outcome::unavailable: return "UNAVAIL";
        case Outcome::fail: return "FAIL";
    }
    return {};
}

std::string_view name(Overall overall) {
    switch (overall) {
        case Overall::accept: return "ACCEPT";
        case Overall::accept_with_notes: return "ACCEPT*";
        case Overall::cannot: return "CANNOT";
        case Overall::refer: return "REFER";
        case Overall::reject: return "REJECT";
    }
    return {};
}

int exit_code(Overall overall) {
    switch (overall) {
        case Overall::accept: return 0;
        case Overall::accept_with_notes: return 1;
        case Overall::refer: return 2;
        case Overall::reject: return 3;
        case Overall::cannot: return 4;
    }
    return 70;
}

}  // namespace idchip::inspect
