package training

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"presage"
	"presage/models/hazard"
)

// maxBytes bounds a model file.
const maxBytes = 64 << 20

// File is a learned hazard as it is kept.
type File struct {
	hazard.Model
	Columns Columns  `json:"columns"`
	Until   *float64 `json:"until"` // rows from this time on were held out; null: none were
	Sum     string   `json:"-"`     // by which the file is told from others: 12 hex digits of its SHA-256, by Load
}

// Save writes a model: beside its place first, so that no half file is ever found there.
func (f *File) Save(path string) error {
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	_, err = draft.Write(append(text, '\n'))
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write model: %w", errors.Join(err, os.Remove(draft.Name())))
	}
	return nil
}

// Load reads a model and checks it. ErrInvalid: no model, another version, or unsound.
func Load(path string) (*File, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(in, maxBytes+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	name := filepath.Base(path)
	if len(text) > maxBytes {
		return nil, fmt.Errorf("%s: %w: larger than %d bytes", name, presage.ErrInvalid, maxBytes)
	}
	var f File
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("%s: %w: no model: %w", name, presage.ErrInvalid, err)
	}
	if err := f.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	sum := sha256.Sum256(text)
	f.Sum = hex.EncodeToString(sum[:6])
	return &f, nil
}
