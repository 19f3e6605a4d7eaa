#include "cards/keys.hpp"

namespace idchip::cards {

const std::map<std::string_view, Keys>& all_keys() {
    static const std::map<std::string_view, Keys> table = {
        {"card",
         {"$schema",
          "schema",
          "about",
          "case",
          "outcome",
          "neighbour",
          "like",
          "seed",
          "document",
          "files",
          "access",
          "chip_authentication",
          "chip_authentication_in_master_file",
          "active_authentication",
          "terminal_authentication",
          "security_infos",
          "unsigned",
          "tamper",
          "refused",
          "atr",
          "lengths",
          "quirks",
          "faults"}},
        {"document", {"person", "record", "face_record", "lds", "portrait_bytes", "fingerprints"}},
        {"person", {"seed", "number", "as_of"}},
        {"content", {"hex", "base64", "path"}},
        {"access", {"bac", "pace", "can", "pin", "puk", "pin_tries"}},
        {"pace", {"protocol", "parameter_id", "private_key"}},
        {"chip_authentication", {"protocols", "domain", "key_id", "private_key", "encoding"}},
        {"active_authentication", {"rsa_bits", "curve", "hash", "form", "private_key"}},
        {"terminal_authentication", {"test_pki", "trust_points", "current_date", "in_master_file", "older_algorithms"}},
        {"test_pki", {"dg3", "dg4", "from", "until"}},
        {"security_infos", {"EF.CardAccess", "EF.CardSecurity", "DG14"}},
        {"info_changes", {"without", "with"}},
        {"security_info", {"protocol", "version", "parameter_id", "key_id", "hex"}},
        {"tamper", {"file", "remove", "hide", "flip", "truncate", "append", "content"}},
        {"lengths", {"extended", "command_chaining", "largest_command", "largest_response", "largest_read", "too_long"}},
        {"quirks",
         {"no_short_ids", "select_p2", "select_needs_le", "select_mf", "plain_select", "abort_selects_mf", "le_zero_refused",
          "no_end_warning", "end_refused", "odd_from", "get_response", "pace_in_application", "pace_wants_parameter_id",
          "pace_refuses_parameter_id", "set_kat_refused"}},
        {"fault", {"name", "file", "after", "sw", "step", "bytes"}},
    };
    return table;
}

const Keys& keys_of(std::string_view section) { return all_keys().at(section); }

}  // namespace idchip::cards
