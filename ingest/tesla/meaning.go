package tesla

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"presage"
	"presage/ingest/internal/fieldtable"
)

// mostWraps is how often a value may be a text in a text, or an object around
// a value.
const mostWraps = 4

// wraps tells whether a member is one in which a value may be wrapped: "value" by the
// first dispatchers, the rest by those that tell types
// (datastore/simple/transformers/payload.go and the JSON of the protobuf).
func wraps(member string) bool {
	switch member {
	case "value", "location", "tireLocation", "time",
		"laneAssistLevel", "scheduledChargingMode", "sentryModeState", "speedAssistLevel", "bmsState", "buckleStatus",
		"carType", "chargePort", "chargePortLatch", "driveInverterState", "hvilStatus", "windowState",
		"seatFoldPosition", "tractorAirStatus", "trailerAirStatus", "followDistance", "forwardCollisionSensitivity",
		"guestModeMobileAccess", "detailedChargeState", "hvacAutoMode", "cabinOverheatProtectionMode",
		"cabinOverheatProtectionTemperatureLimit", "defrostMode", "climateKeeperMode", "hvacPower", "fastChargerType",
		"chargingCableType", "tonneauTentMode", "tonneauPosition", "powershareStatus", "powershareStopReason",
		"powershareType", "displayState":
		return true
	}
	return strings.HasSuffix(member, "Value") // stringValue, doubleValue, doorValue, timeValue, ...
}

// bare takes off what is wrapped around a value: an object that names its type,
// and a text that holds a text or an object. null stands for "not measurable
// now". A text is left as it is unless it holds quotes or braces of its own.
func bare(doc []byte, text bool) []byte {
	for range mostWraps {
		inner, ok := unwrap(doc, text)
		if !ok {
			return doc
		}
		doc = inner
	}
	return doc
}

func unwrap(doc []byte, text bool) ([]byte, bool) {
	switch {
	case len(doc) > 2 && doc[0] == '"':
		return unquote(doc, text)
	case len(doc) > 0 && doc[0] == '{':
		return untype(doc)
	}
	return nil, false
}

// unquote takes the value out of a text that holds one.
func unquote(doc []byte, text bool) ([]byte, bool) {
	var inner string
	if json.Unmarshal(doc, &inner) != nil {
		return nil, false
	}
	inner = strings.TrimSpace(inner)
	quoted := len(inner) >= 2 && inner[0] == '"' && inner[len(inner)-1] == '"'
	object := !text && strings.HasPrefix(inner, "{")
	return []byte(inner), (quoted || object) && json.Valid([]byte(inner))
}

// untype takes the value out of an object that names its type.
func untype(doc []byte) ([]byte, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(doc, &members) != nil || len(members) != 1 {
		return nil, false
	}
	for name, inner := range members {
		if strings.EqualFold(name, "invalid") {
			return []byte("null"), true
		}
		return bytes.TrimSpace(inner), wraps(name)
	}
	return nil, false
}

// absent tells whether a text stands for a number that is not there: firmware
// that sends numbers as text prints them by C's rules.
func absent(text string) bool {
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case "", "<invalid>", "invalid", "nan", "inf", "infinity":
		return true
	}
	return false
}

// place reads "(37.412374 N, 122.145867 W)", which is how firmware before
// 2024.38 sends a position, and plain numbers with a comma between.
func place(text string) (latitude, longitude float64, ok bool) {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "("), ")")
	north, east, two := strings.Cut(text, ",")
	if !two {
		return 0, 0, false
	}
	latitude, ok = degrees(north, "N", "S", 90)
	if !ok {
		return 0, 0, false
	}
	longitude, ok = degrees(east, "E", "W", 180)
	return latitude, longitude, ok
}

func degrees(text, plus, minus string, most float64) (float64, bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	sign := 1.
	if rest, ok := strings.CutSuffix(text, minus); ok {
		text, sign = rest, -1
	} else {
		text = strings.TrimSuffix(text, plus)
	}
	x, ok := fieldtable.ParseNumber(strings.TrimSpace(text))
	if !ok || x < -most || x > most {
		return 0, false
	}
	return sign * x, true
}

// isPlace tells whether a field is a position.
func isPlace(field string) bool { return strings.HasSuffix(field, "Location") }

// places reads a position that came as text, as its two members.
func places(text string) (map[string]json.RawMessage, error) {
	latitude, longitude, ok := place(text)
	if !ok {
		return nil, fmt.Errorf("%w: want a position such as (37.412374 N, 122.145867 W)", presage.ErrInvalid)
	}
	number := func(x float64) json.RawMessage { return strconv.AppendFloat(nil, x, 'f', -1, 64) }
	return map[string]json.RawMessage{"latitude": number(latitude), "longitude": number(longitude)}, nil
}

// plainName is a member's name without case and underscores: front_left of the
// protobuf is FrontLeft at the dispatcher. On a Semi, the rear wheels of a car
// are those of the middle axle.
func plainName(member string) string {
	plain := strings.ToLower(strings.ReplaceAll(member, "_", ""))
	switch plain {
	case "semimiddleaxleleft":
		return "rearleft"
	case "semimiddleaxleright":
		return "rearright"
	}
	return plain
}

// flagged reads the names of what is true out of a text: "front_left",
// "FrontLeft|RearRight", "front_left:true rear_left:false". False when it holds
// another word than the names and none.
func flagged(text string, flags []string) (map[string]json.RawMessage, bool) {
	out := map[string]json.RawMessage{}
	if _, inner, ok := strings.Cut(text, "{"); ok { // the text form of the protobuf: tire_location_value:{...}
		text = strings.TrimSuffix(inner, "}")
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" |,;+\t", r) }) {
		name, value, valued := strings.Cut(word, ":")
		if !valued {
			value = "true"
		}
		if !valued && (strings.EqualFold(name, "none") || strings.EqualFold(name, "false")) {
			continue
		}
		member, known := canonical(name, flags)
		if !known || value != "true" && value != "false" {
			return nil, false
		}
		out[member] = json.RawMessage(value)
	}
	return out, true
}

// canonical finds a member's name as the table has it.
func canonical(name string, flags []string) (string, bool) {
	plain := plainName(name)
	for _, f := range flags {
		if plainName(f) == plain {
			return f, true
		}
	}
	return name, false
}

// clockTime reads {"hour":6,"minute":30,"second":0}, the time of a day as the
// protobuf's JSON has it, as the dispatcher writes it: 06:30:00.
func clockTime(members map[string]json.RawMessage) (string, bool) {
	if len(members) == 0 || len(members) > 3 {
		return "", false
	}
	var at [3]int
	for name, raw := range members {
		i := slices.Index([]string{"hour", "minute", "second"}, strings.ToLower(name))
		if i < 0 || json.Unmarshal(raw, &at[i]) != nil || at[i] < 0 || at[i] > 59 {
			return "", false
		}
	}
	return fmt.Sprintf("%02d:%02d:%02d", at[0], at[1], at[2]), true
}
