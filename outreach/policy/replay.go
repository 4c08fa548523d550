package policy

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"presage"
)

// Draw is the random number in [0, 1) that puts a case into the hold-out or
// not. It is a hash of the experiment's name, the vehicle and the day, so that
// it can be checked by anybody and does not change when a pass is repeated.
func Draw(experiment string, vin presage.VIN, at time.Time) float64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s", experiment, string(vin), presage.DayOf(at)))
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
		return then, fmt.Errorf("replay: %w policy %q, this is %q", presage.ErrInvalid, then.Policy, Version)
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
		return now, fmt.Errorf("replay: %w: the decision differs from the stored one", presage.ErrConflict)
	}
	return now, nil
}
