package sqlstore

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"presage"
)

// micros is how an instant is stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads what micros wrote.
type instant struct{ to *time.Time }

// Scan implements sql.Scanner.
func (c instant) Scan(src any) error {
	us, ok := src.(int64)
	if !ok {
		return fmt.Errorf("instant column holds %T, want an integer", src)
	}
	*c.to = time.Time{}
	if us != 0 {
		*c.to = time.UnixMicro(us).UTC()
	}
	return nil
}

// document reads a JSON text column into what to points at.
type document struct{ to any }

// Scan implements sql.Scanner.
func (c document) Scan(src any) error {
	switch text := src.(type) {
	case string:
		return json.Unmarshal([]byte(text), c.to)
	case []byte:
		return json.Unmarshal(text, c.to)
	}
	return fmt.Errorf("JSON column holds %T, want text", src)
}

// raw reads a JSON text column as it is; "" gives nil.
type raw struct{ to *json.RawMessage }

// Scan implements sql.Scanner.
func (c raw) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("JSON column holds %T, want text", src)
	}
	*c.to = nil
	if text != "" {
		*c.to = json.RawMessage(text)
	}
	return nil
}

// encode is the JSON text of v. What JSON cannot hold (NaN, infinity) is ErrInvalid.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("%w: %w", presage.ErrInvalid, err)
	}
	return string(b), nil
}

// clean makes text from outside storable: PostgreSQL refuses the NUL character
// and broken UTF-8, and a refused row would hold up every row behind it.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// why reads a stored reason.
type why struct{ to *presage.Reason }

// Scan implements sql.Scanner.
func (c why) Scan(src any) error {
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("reason column holds %T, want text", src)
	}
	*c.to = presage.ReasonOf(text)
	return nil
}
