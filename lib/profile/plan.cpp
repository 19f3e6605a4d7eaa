#include <idchip/profile/plan.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::profile {
namespace {

Result<Byte> one_byte(const std::string& expression, const Variables& variables) {
    const auto bytes = TRY(evaluate(expression, variables));
    if (bytes.size() != 1) return fail(Errc::profile_bad, "expression", "P1 and P2 are one byte each");
    return bytes[0];
}

Result<PlannedCommand> instantiate_as(std::string id, const CommandTemplate& t, const Variables& variables) {
    PlannedCommand p{std::move(id), {}, t.expect, t.on_sw, t.secret};
    const auto in_place = [&](auto&& result) {
        if (!result) result.error().where = t.id;
        return std::move(result);
    };
    p.apdu.cla = t.cla;
    p.apdu.ins = t.ins;
    p.apdu.p1 = TRY(in_place(one_byte(t.p1, variables)));
    p.apdu.p2 = TRY(in_place(one_byte(t.p2, variables)));
    if (!t.data.empty()) p.apdu.data = TRY(in_place(evaluate(t.data, variables)));
    p.apdu.le = t.le;
    return p;
}

Result<void> add_chunks(Plan& plan, const Profile& profile, const CommandTemplate& t, Variables& variables, const std::string& file) {
    const auto it = variables.find(t.chunks_of);
    if (it == variables.end()) return fail(Errc::profile_bad, t.id, "chunks_of names nothing known");
    const Bytes content = it->second.bytes;
    const std::size_t count = (content.size() + profile.max_write - 1) / profile.max_write;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t offset = i * profile.max_write;
        variables["chunk"] = Value::of(ByteView(content).subspan(offset, std::min(profile.max_write, content.size() - offset)));
        variables["chunk.offset_high"] = Value::of(std::uint64_t{offset >> 8U});
        variables["chunk.offset_low"] = Value::of(std::uint64_t{offset & 0xFFU});
        plan.write.push_back(TRY(instantiate_as(fmt::format("{} {} {}/{}", t.id, file, i + 1, count), t, variables)));
    }
    return {};
}

Result<void> add_step(Plan& plan, const Profile& profile, const Step& step, Variables& variables, const std::string& file) {
    for (const auto& command : step.commands) {
        if (!command.chunks_of.empty()) TRY(add_chunks(plan, profile, command, variables, file));
        else plan.write.push_back(TRY(instantiate_as(file.empty() ? command.id : command.id + " " + file, command, variables)));
    }
    return {};
}

}  // namespace

Result<PlannedCommand> instantiate(const CommandTemplate& command, const Variables& variables) {
    return instantiate_as(command.id, command, variables);
}

Result<Plan> make_plan(const Profile& profile, const Variables& given, const lds::Files& files) {
    for (const auto& [ef, content] : files) {
        if (std::find(profile.files.begin(), profile.files.end(), ef) == profile.files.end())
            return fail(Errc::perso_does_not_fit, lds::name(ef), "cards of profile " + profile.name + " have no place for it");
        if (content.size() > profile.largest_file)
            return fail(Errc::perso_does_not_fit, lds::name(ef),
                        fmt::format("{} bytes, the card takes {}", content.size(), profile.largest_file));
    }
    Plan plan;
    plan.profile = fmt::format("{} version {}", profile.name, profile.version);
    plan.profile_hash = profile.hash;
    Variables variables = given;
    for (const auto& step : profile.steps) {
        if (!step.for_each_file) {
            TRY(add_step(plan, profile, step, variables, {}));
            continue;
        }
        for (const auto ef : profile.files) {
            const auto it = files.find(ef);
            if (it == files.end()) continue;
            Bytes fid;
            append_be(fid, lds::info(ef).fid, 2);
            variables["file.fid"] = Value::of(ByteView(fid));
            variables["file.size"] = Value::of(std::uint64_t{it->second.size()});
            variables["file.content"] = Value::of(ByteView(it->second));
            TRY(add_step(plan, profile, step, variables, lds::name(ef)));
        }
    }
    plan.lock = TRY(instantiate(profile.lock, variables));
    plan.lock_proof = TRY(instantiate(profile.lock_proof, variables));
    return plan;
}

std::string to_text(const Plan& plan, bool with_data) {
    std::string text = fmt::format("profile {} (SHA-256 {})\n", plan.profile, plan.profile_hash.substr(0, 16));
    const auto line = [&](const PlannedCommand& c) {
        const auto data = c.apdu.data.empty() ? std::string()
                          : c.secret          ? fmt::format(" [{} secret bytes]", c.apdu.data.size())
                          : with_data         ? " " + to_hex(c.apdu.data)
                                              : fmt::format(" [{} bytes]", c.apdu.data.size());
        const auto le = c.apdu.le ? fmt::format(" Le {}", *c.apdu.le) : std::string();
        text += fmt::format("{:<24} {}{}{} -> {:04X}\n", c.id, to_hex(c.apdu.header()), data, le, c.expect.front());
    };
    for (const auto& c : plan.write) line(c);
    text += "-- read everything back through basic access control and compare byte by byte\n";
    line(plan.lock);
    line(plan.lock_proof);
    text += "-- inspect as a checkpoint would\n";
    return text;
}

}  // namespace idchip::profile
