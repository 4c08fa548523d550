package config

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"presage"
)

// Print writes the effective configuration as YAML that Load reads again, in
// the order of Config, each line with where its value came from. Secrets and
// passwords inside addresses are "***", which Load refuses.
func (e *Effective) Print(w io.Writer) error {
	out := bufio.NewWriter(w)
	section := ""
	for _, f := range fields(&e.Config) {
		name, indent := f.key, ""
		if head, tail, nested := strings.Cut(f.key, "."); nested {
			if head != section {
				fmt.Fprintf(out, "%s:\n", head)
			}
			section, name, indent = head, tail, "  "
		}
		text, err := yamlValue(f.value)
		if err != nil {
			return fmt.Errorf("print %s: %w", f.key, err)
		}
		fmt.Fprintf(out, "%s%s: %s # %s\n", indent, name, text, e.From(f.key))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("print the configuration: %w", err)
	}
	return nil
}

// yamlValue writes v as JSON, which every YAML reader understands; text is
// always quoted, so that no value can be taken for something else.
func yamlValue(v reflect.Value) (string, error) {
	var plain any
	switch x := v.Interface().(type) {
	case time.Duration:
		plain = x.String()
	case presage.Secret, URL, Clock:
		plain = fmt.Sprint(x)
	case string:
		plain = maskText(x)
	default:
		plain = x
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // "&" in an address stays readable
	err := encoder.Encode(plain)
	return strings.TrimSpace(b.String()), err
}
