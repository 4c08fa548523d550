package rules

import (
	"bytes"
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"presage"
)

// mostBytes is how long a policy document may be.
const mostBytes = 256 << 10

// Read reads a policy in YAML or JSON. What it leaves out is as DefaultDocument
// says. The error is an ErrInvalid that names every fault by its field, unknown
// ones too; nothing of a faulty document is to be used.
func Read(raw []byte) (Document, error) {
	d := DefaultDocument()
	if len(raw) > mostBytes {
		return d, fmt.Errorf("%w policy: %d bytes, want at most %d", presage.ErrInvalid, len(raw), mostBytes)
	}
	var tree any
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	switch err := decoder.Decode(&tree); {
	case errors.Is(err, io.EOF) || err == nil && tree == nil:
		return d, fmt.Errorf("%w policy: it is empty; GET /v1/policy shows a whole one", presage.ErrInvalid)
	case err != nil:
		return d, fmt.Errorf("%w policy: neither YAML nor JSON: %s", presage.ErrInvalid,
			strings.ReplaceAll(err.Error(), "\n", ";"))
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return d, fmt.Errorf("%w policy: more than one document: want one", presage.ErrInvalid)
	}
	d.Format = 0 // it has to be said
	faults := fill(reflect.ValueOf(&d).Elem(), tree, "")
	d.Coupons = tidy(d.Coupons)
	if err := errors.Join(append(faults, d.validate()...)...); err != nil {
		return d, err
	}
	return d, nil
}

func fault(path, text string, args ...any) error {
	return fmt.Errorf("%s: %w: %s", path, presage.ErrInvalid, fmt.Sprintf(text, args...))
}

// fill puts what was read into v and names what does not fit.
func fill(v reflect.Value, raw any, path string) []error {
	if text, ok := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr()); ok {
		if err := text.UnmarshalText([]byte(fmt.Sprint(raw))); err != nil {
			return []error{fault(path, "%.60q: want days such as 30d, or a duration such as 36h or 15m", fmt.Sprint(raw))}
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Struct:
		return fillStruct(v, raw, path)
	case reflect.Slice:
		return fillList(v, raw, path)
	case reflect.Int, reflect.Int64:
		if n, ok := whole(raw); ok {
			v.SetInt(n)
			return nil
		}
		return []error{fault(path, "%.60q: want a whole number", fmt.Sprint(raw))}
	case reflect.Bool:
		return fillBool(v, raw, path)
	case reflect.Float64:
		if x, ok := decimal(raw); ok {
			v.SetFloat(x)
			return nil
		}
		return []error{fault(path, "%.60q: want a number", fmt.Sprint(raw))}
	default:
		if s, ok := raw.(string); ok {
			v.SetString(s)
			return nil
		}
		return []error{fault(path, "%.60q: want a text", fmt.Sprint(raw))}
	}
}

func fillBool(v reflect.Value, raw any, path string) []error {
	b, ok := raw.(bool)
	if !ok {
		return []error{fault(path, "%.60q: want true or false", fmt.Sprint(raw))}
	}
	v.SetBool(b)
	return nil
}

func whole(raw any) (int64, bool) {
	switch n := raw.(type) {
	case int:
		return int64(n), true
	case float64: // JSON may say 2.0 or 2e4
		return int64(n), n == math.Trunc(n) && math.Abs(n) < 1<<53
	}
	return 0, false
}

func decimal(raw any) (float64, bool) {
	switch x := raw.(type) {
	case int:
		return float64(x), true
	case float64:
		return x, !math.IsNaN(x) && !math.IsInf(x, 0)
	}
	return 0, false
}

func fillStruct(v reflect.Value, raw any, path string) []error {
	m, ok := raw.(map[string]any)
	if !ok {
		return []error{fault(cmp.Or(path, "policy"), "want fields and their values")}
	}
	fields := map[string]reflect.Value{}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		fields[name] = v.Field(i)
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(m)) {
		inner := strings.TrimPrefix(path+"."+key, ".")
		field, known := fields[key]
		if !known {
			faults = append(faults, fault(inner, "unknown field: want one of %s",
				strings.Join(slices.Sorted(maps.Keys(fields)), ", ")))
			continue
		}
		faults = append(faults, fill(field, m[key], inner)...)
	}
	return faults
}

// fillList replaces the whole list.
func fillList(v reflect.Value, raw any, path string) []error {
	list, ok := raw.([]any)
	if !ok {
		return []error{fault(path, "want a list")}
	}
	out := reflect.MakeSlice(v.Type(), len(list), len(list))
	var faults []error
	for i, x := range list {
		faults = append(faults, fill(out.Index(i), x, path+"["+strconv.Itoa(i)+"]")...)
	}
	v.Set(out)
	return faults
}
