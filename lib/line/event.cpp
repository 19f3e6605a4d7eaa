#include <idchip/line/event.hpp>

namespace idchip::line {

std::string_view name(Event::Kind kind) {
    switch (kind) {
        case Event::Kind::reader_found: return "reader_found";
        case Event::Kind::waiting: return "waiting";
        case Event::Kind::begun: return "begun";
        case Event::Kind::stage: return "stage";
        case Event::Kind::ended: return "ended";
        case Event::Kind::passed_over: return "passed_over";
        case Event::Kind::remove: return "remove";
        case Event::Kind::rejected: return "rejected";
        case Event::Kind::reader_stopped: return "reader_stopped";
        case Event::Kind::reader_stuck: return "reader_stuck";
        case Event::Kind::reader_gone: return "reader_gone";
        case Event::Kind::reader_back: return "reader_back";
        case Event::Kind::line_stopped: return "line_stopped";
        case Event::Kind::stopping: return "stopping";
    }
    return {};
}

}  // namespace idchip::line
