package influx

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
)

// appendValue writes v as the value of a field; the text says why it cannot be one.
func appendValue(b []byte, v *presage.Value) ([]byte, string) {
	switch v.Kind {
	case presage.KindBool:
		return strconv.AppendBool(b, v.Number != 0), ""
	case presage.KindString:
		return appendText(b, v.Text)
	case presage.KindArray:
		return appendArray(b, v.Array)
	case presage.KindNumber:
	}
	if math.IsNaN(v.Number) || math.IsInf(v.Number, 0) {
		return b, "InfluxDB holds no NaN and no infinity"
	}
	return appendNumber(b, v.Number), ""
}

func appendText(b []byte, s string) ([]byte, string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '[' && i == 0 {
			v, why := textValue(s)
			if why != "" {
				return b, why
			}
			return v.AppendBytes(b), ""
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"'), ""
}

func textValue(s string) (lineprotocol.Value, string) {
	if !utf8.ValidString(s) {
		return lineprotocol.Value{}, "a text that is not UTF-8"
	}
	if s != "" && (s[0] == '[' || s[0] == '\\' || strings.ContainsFunc(s, control)) {
		quoted, err := json.Marshal(s)
		if err != nil {
			return lineprotocol.Value{}, err.Error()
		}
		s = `\` + string(quoted)
	}
	v, ok := lineprotocol.StringValue(s)
	if !ok {
		return v, "a text that is not UTF-8"
	}
	return v, ""
}

// control characters do not survive line protocol and CSV everywhere.
func control(r rune) bool { return r < ' ' || r == 0x7f }

func appendArray(b []byte, a []float64) ([]byte, string) {
	b = append(b, `"[`...)
	for i, x := range a {
		if i > 0 {
			b = append(b, ',')
		}
		switch {
		case math.IsInf(x, 0):
			return b, "an array with an infinity"
		case math.IsNaN(x):
			b = append(b, "null"...)
		default:
			b = appendNumber(b, x)
		}
	}
	return append(b, `]"`...), ""
}

// parseValue is the inverse of appendValue on what a query gives back.
func parseValue(v any) (presage.Value, error) {
	switch x := v.(type) {
	case float64:
		return presage.Number(x), nil
	case int64: // somebody else's writer
		return presage.Number(float64(x)), nil
	case uint64:
		return presage.Number(float64(x)), nil
	case bool:
		return presage.Bool(x), nil
	case nil: // what the client makes of an empty string
		return presage.String(""), nil
	case string:
		return parseText(x)
	}
	return presage.Value{}, fmt.Errorf("a field of type %T", v)
}

func parseText(s string) (presage.Value, error) {
	switch {
	case strings.HasPrefix(s, `\`):
		var text string
		if err := json.Unmarshal([]byte(s[1:]), &text); err != nil {
			return presage.Value{}, fmt.Errorf("quoted text: %w", err)
		}
		return presage.String(text), nil
	case strings.HasPrefix(s, "["):
		var elements []*float64
		if err := json.Unmarshal([]byte(s), &elements); err != nil {
			return presage.Value{}, fmt.Errorf("array: %w", err)
		}
		a := make([]float64, len(elements))
		for i, e := range elements {
			a[i] = math.NaN()
			if e != nil {
				a[i] = *e
			}
		}
		return presage.Array(a), nil
	}
	return presage.String(s), nil
}
