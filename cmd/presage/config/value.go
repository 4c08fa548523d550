package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"presage"
)

var errKind = errors.New("wrong kind of value")

// assign puts raw (a scalar or list of YAML, or the text of a variable or a
// flag) into v. The error says what was wanted and never repeats a secret.
func assign(v reflect.Value, raw any) error {
	if g, ok := reflect.TypeAssert[*Gateways](v.Addr()); ok {
		return g.read(raw)
	}
	if l, ok := reflect.TypeAssert[*Learned](v.Addr()); ok {
		return l.read(raw)
	}
	if list, ok := raw.([]any); ok {
		return assignList(v, list)
	}
	if v.Kind() == reflect.Slice {
		return assignList(v, splitList(raw))
	}
	text, ok := scalarText(raw)
	if !ok {
		return fmt.Errorf("want %s, not a section or a list", wanted(v))
	}
	if err := assignText(v, text); err != nil {
		if _, secret := reflect.TypeAssert[presage.Secret](v); secret {
			return fmt.Errorf("want %s", wanted(v))
		}
		return fmt.Errorf("%q: want %s", maskText(text), wanted(v))
	}
	return nil
}

func assignText(v reflect.Value, text string) error {
	if d, ok := reflect.TypeAssert[*time.Duration](v.Addr()); ok {
		parsed, err := time.ParseDuration(text)
		if err == nil {
			*d = parsed
		}
		return err
	}
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err == nil {
			v.SetBool(b)
		}
		return err
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			v.SetInt(n)
		}
		return err
	case reflect.Float64:
		x, err := strconv.ParseFloat(text, 64)
		if err == nil {
			v.SetFloat(x)
		}
		return err
	default:
		return errKind
	}
}

func assignList(v reflect.Value, list []any) error {
	if v.Kind() != reflect.Slice {
		return fmt.Errorf("want %s, not a list", wanted(v))
	}
	kind := v.Type().Elem()
	out := reflect.MakeSlice(v.Type(), 0, len(list))
	for _, raw := range list {
		text, ok := scalarText(raw)
		element := reflect.New(kind).Elem()
		if !ok || assignText(element, text) != nil {
			if kind.Kind() == reflect.Int {
				return errors.New("want a list of whole numbers")
			}
			return errors.New("want a list of words")
		}
		out = reflect.Append(out, element)
	}
	v.Set(out)
	return nil
}

// splitList reads "push,sms" as a variable or a flag writes a list.
func splitList(raw any) []any {
	text, ok := scalarText(raw)
	if !ok {
		return []any{raw}
	}
	var out []any
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

func scalarText(raw any) (string, bool) {
	switch x := raw.(type) {
	case string:
		return x, true
	case bool, int, int64, uint64:
		return fmt.Sprint(x), true
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64), true
	}
	return "", false
}

func wanted(v reflect.Value) string {
	switch v.Interface().(type) {
	case time.Duration:
		return `a duration such as "50ms" or "2s"`
	case Clock:
		return `a time of day "HH:MM"`
	case Size:
		return `bytes such as "512MiB" or "10GiB"`
	case Age:
		return `days such as "400d", or 0 for ever`
	}
	switch v.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list of words"
	default:
		return "text"
	}
}

func plural(faults int) string {
	if faults == 1 {
		return "a fault:"
	}
	return strconv.Itoa(faults) + " faults:"
}
