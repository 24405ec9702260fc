# A reply of the API to SubRip, as a person would write it in jq: run with `jq -r -f`.
# A leading space is all that is trimmed, because jq's regular expressions would take half of the time.
def pad(n): tostring | "0" * (n - length) + . ;
def clock:
  (tonumber * 1000 | round) as $ms
  | "\($ms / 3600000 | floor | pad(2)):\($ms / 60000 | floor % 60 | pad(2)):"
    + "\($ms / 1000 | floor % 60 | pad(2)),\($ms % 1000 | pad(3))";
.data.transcriptions
| to_entries[]
| "\(.key + 1)\n\(.value.startTime | clock) --> \(.value.endTime | clock)\n"
  + (.value.content | ltrimstr(" ")) + "\n"
