package presage

import (
	"log/slog"
	"regexp"
)

// Phone is an E.164 number; it logs and prints masked.
type Phone string

// Masked shows the country code's start and the last two digits: "+86*********07".
func (p Phone) Masked() string {
	if len(p) < 6 {
		return "***"
	}
	return string(p[:3]) + "*********" + string(p[len(p)-2:])
}

// LogValue keeps a number out of every slog record.
func (p Phone) LogValue() slog.Value { return slog.StringValue(p.Masked()) }

// madeUp matches the numbers that reach nobody on purpose: those that the United Kingdom
// (+44 7700 900xxx) and North America (555-01xx) reserve for fiction and, as China reserves
// none, +86 100 with eight more digits, which no network there gives out.
var madeUp = regexp.MustCompile(`^\+(447700900\d{3}|1[2-9]\d{2}55501\d{2}|86100\d{8})$`)

// MadeUp tells that a number was invented for a story, a test or a demo.
func (p Phone) MadeUp() bool { return madeUp.MatchString(string(p)) }
