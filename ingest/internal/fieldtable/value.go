package fieldtable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// Convert turns a value as it came (its text, or what its document says) into
// the signal's kind and unit. fault tells why it cannot be; known is false for
// a word that the enumeration does not hold.
func (r Row) Convert(v presage.Value) (out presage.Value, known bool, fault string) {
	if r.Words != nil {
		out, known = r.Words[Text(v)]
		return out, known, ""
	}
	switch r.Kind {
	case presage.KindString:
		return presage.String(Text(v)), true, ""
	case presage.KindBool:
		out, fault = asBool(v)
	case presage.KindArray:
		out, fault = r.asArray(v)
	case presage.KindNumber:
		out, fault = r.asNumber(v)
	}
	return out, true, fault
}

func (r Row) asNumber(v presage.Value) (presage.Value, string) {
	switch v.Kind {
	case presage.KindNumber:
		return presage.Number(r.Factor*v.Number + r.Offset), ""
	case presage.KindString:
		if x, ok := ParseNumber(v.Text); ok {
			return presage.Number(r.Factor*x + r.Offset), ""
		}
	case presage.KindBool, presage.KindArray:
	}
	return presage.Value{}, "want a finite number"
}

func (r Row) asArray(v presage.Value) (presage.Value, string) {
	list := []float64{v.Number}
	switch v.Kind {
	case presage.KindArray:
		list = slices.Clone(v.Array)
	case presage.KindString:
		var fault string
		if list, fault = ParseList(v.Text); fault != "" {
			return presage.Value{}, fault
		}
	case presage.KindBool:
		return presage.Value{}, "want an array of numbers"
	case presage.KindNumber:
	}
	for i := range list {
		list[i] = r.Factor*list[i] + r.Offset
	}
	return presage.Array(list), ""
}

func asBool(v presage.Value) (presage.Value, string) {
	switch v.Kind {
	case presage.KindBool:
		return v, ""
	case presage.KindNumber:
		if v.Number == 0 || v.Number == 1 {
			return presage.Bool(v.Number == 1), ""
		}
	case presage.KindString:
		switch v.Text {
		case "true", "yes", "1":
			return presage.Bool(true), ""
		case "false", "no", "0":
			return presage.Bool(false), ""
		}
	case presage.KindArray:
	}
	return presage.Value{}, "want true or false"
}

// Text is a value as it would be written.
func Text(v presage.Value) string {
	switch v.Kind {
	case presage.KindString:
		return v.Text
	case presage.KindBool:
		return strconv.FormatBool(v.Number != 0)
	case presage.KindArray:
		return fmt.Sprint(v.Array)
	case presage.KindNumber:
	}
	return strconv.FormatFloat(v.Number, 'g', -1, 64)
}

// Guess reads the text of a field that no table knows: a number, true or false
// (yes or no), with lists also two numbers or more between commas; else a text.
func Guess(text string, lists bool) presage.Value {
	if x, ok := ParseNumber(text); ok {
		return presage.Number(x)
	}
	switch text {
	case "true", "yes":
		return presage.Bool(true)
	case "false", "no":
		return presage.Bool(false)
	}
	if lists && strings.Contains(text, ",") {
		if list, fault := ParseList(text); fault == "" {
			return presage.Array(list)
		}
	}
	return presage.String(text)
}

// ParseList reads numbers between commas.
func ParseList(text string) ([]float64, string) {
	list := make([]float64, 0, strings.Count(text, ",")+1)
	for item := range strings.SplitSeq(text, ",") {
		x, ok := ParseNumber(item)
		if !ok {
			return nil, fmt.Sprintf("element %d is not a finite number", len(list))
		}
		list = append(list, x)
	}
	return list, ""
}

// ParseNumber reads a finite number by the grammar of JSON: no NaN, no hex, no
// spaces, no plus in front.
func ParseNumber(text string) (float64, bool) {
	if !numeric(text) {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

func numeric(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s, ok := strings.CutPrefix(s[whole:], ".")
	if ok {
		n := digits(s)
		if n == 0 {
			return false
		}
		s = s[n:]
	}
	return s == "" || exponent(s)
}

// exponent tells whether s is one, with its e.
func exponent(s string) bool {
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && digits(s) == len(s)
}

// digits counts the decimal digits that s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
