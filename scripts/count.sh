# Sourced by the scripts that add up tests.
# shellcheck shell=bash
# "PASSED FAILED" of all test runners whose output is in the given file: cargo and wasm-bindgen, node's TAP, unittest, pytest.
count() {
  awk '
    /^test result: / { for (i = 1; i <= NF; i++) { if ($i == "passed;") p += $(i - 1); if ($i == "failed;") f += $(i - 1) } }
    /^# pass [0-9]+$/ { p += $3 }
    /^# (fail|cancelled) [0-9]+$/ { f += $3 }
    /^Ran [0-9]+ tests? in / { ran = $2 }
    ran != "" && /^(OK|FAILED)( \(.*\))?$/ {
      bad = skipped = 0
      n = split($0, part, /[(), ]+/)
      for (i = 1; i <= n; i++) {
        split(part[i], pair, "=")
        if (pair[1] == "failures" || pair[1] == "errors") bad += pair[2]
        if (pair[1] == "skipped") skipped += pair[2]
      }
      good = ran - bad - skipped
      p += good > 0 ? good : 0; f += bad; ran = ""
    }
    /^=+ .*(passed|failed|error).* in [0-9.]+s.* =+$/ {
      for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i - 1); if ($i ~ /^(failed|errors?)/) f += $(i - 1) }
    }
    END { print p + 0, f + 0 }' "$1"
}
