package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// Draw is the random number in [0, 1) that puts a vehicle into the hold-out or
// not. It is a hash of the experiment's name and the vehicle, so that anybody can
// check it, and a vehicle stays in its arm as long as the experiment lasts.
func Draw(experiment string, vin presage.VIN) float64 {
	sum := sha256.Sum256([]byte(experiment + "|" + string(vin)))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11) / (1 << 53)
}

// Marshal is the form in which a decision is stored.
func (d Decision) Marshal() (json.RawMessage, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("store decision: %w", err)
	}
	return raw, nil
}

// Parse reads a stored decision.
func Parse(raw json.RawMessage) (Decision, error) {
	var d Decision
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("%w stored decision: %w", presage.ErrInvalid, err)
	}
	return d, nil
}

// Replay decides again from the inputs of a stored decision and compares with
// what was decided then: ErrConflict when a single byte differs, ErrInvalid
// when raw was made by another policy version or cannot be read. Space that a
// database put between the tokens does not count.
func Replay(raw json.RawMessage) (Decision, error) {
	then, err := Parse(raw)
	if err != nil {
		return then, err
	}
	if then.Policy != Version {
		return then, fmt.Errorf("replay: %w policy: policy %q decided, this program has %q: "+
			"replay with the version that decided", presage.ErrInvalid, then.Policy, Version)
	}
	now, err := Decide(then.Input)
	if err != nil {
		return now, err
	}
	again, err := now.Marshal()
	if err != nil {
		return now, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return now, fmt.Errorf("%w stored decision: %w", presage.ErrInvalid, err)
	}
	if !bytes.Equal(again, compact.Bytes()) {
		return now, fmt.Errorf("replay: %w: the same inputs lead elsewhere today: %s",
			presage.ErrConflict, differences(compact.Bytes(), again))
	}
	return now, nil
}

// mostDifferences are listed; the others are counted.
const mostDifferences = 10

// differences names each value that is not the stored one, by its place in the document.
func differences(then, now []byte) string {
	var a, b any
	if json.Unmarshal(then, &a) != nil || json.Unmarshal(now, &b) != nil {
		return "one of them is no JSON"
	}
	found := differ(nil, "", a, b)
	switch n := len(found) - mostDifferences; {
	case len(found) == 0:
		return "the values are equal, but written in another form or order"
	case n > 0:
		found = append(found[:mostDifferences], fmt.Sprintf("and %d more", n))
	}
	return strings.Join(found, "; ")
}

func differ(found []string, place string, then, now any) []string {
	inner := func(key string) string { return strings.TrimPrefix(place+"."+key, ".") }
	switch a := then.(type) {
	case map[string]any:
		b, ok := now.(map[string]any)
		if !ok {
			break
		}
		keys := maps.Clone(a)
		maps.Copy(keys, b)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			found = differ(found, inner(key), a[key], b[key])
		}
		return found
	case []any:
		b, ok := now.([]any)
		if !ok || len(a) != len(b) {
			break
		}
		for i := range a {
			found = differ(found, inner(strconv.Itoa(i)), a[i], b[i])
		}
		return found
	}
	if reflect.DeepEqual(then, now) {
		return found
	}
	return append(found, fmt.Sprintf("%s: stored %.60s, now %.60s", place, fmt.Sprint(then), fmt.Sprint(now)))
}
