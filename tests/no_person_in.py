"""no_person_in.py RECORDS LOG...: nothing of a person stands in what anybody may read, but the name that messages call a record by."""
import json
import sys

FIELDS = ("surname", "given_names", "personal_number", "document_number", "father", "mother", "residence")
logs = "".join(open(name, encoding="utf-8", errors="replace").read() for name in sys.argv[2:])
assert logs, "the logs are empty"
for line in open(sys.argv[1], encoding="utf-8"):
    person = json.loads(line)
    for field in FIELDS:
        value = person.get(field)
        if value and len(value) > 4 and value in logs:
            sys.exit(f"FAILED: {field} of a person stands in a log")
