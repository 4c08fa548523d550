package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"presage/ingest/mqtt"
)

// heardFile keeps in the data directory until when an external broker's messages
// were taken over. It is replaced once a second and not synced: what it tells is
// an estimate.
type heardFile string

// Load implements mqtt.Memory.
func (f heardFile) Load() (h mqtt.Heard, err error) {
	text, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &h)
	}
	if err != nil {
		return mqtt.Heard{}, fmt.Errorf("read %s: %w", string(f), err)
	}
	return h, nil
}

// Save implements mqtt.Memory.
func (f heardFile) Save(h mqtt.Heard) error {
	text, err := json.Marshal(h)
	if err == nil {
		err = os.WriteFile(string(f)+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(string(f)+".new", string(f))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", string(f), err)
	}
	return nil
}
