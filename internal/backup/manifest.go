package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"presage"
)

const (
	formatVersion = 1
	manifestName  = "manifest.json"
)

// Manifest says what is in a backup.
type Manifest struct {
	Format  int              `json:"format"`  // 1
	Program string           `json:"program"` // the version that wrote it
	Began   time.Time        `json:"began"`   // everything acknowledged before is in it, Missing apart
	Ended   time.Time        `json:"ended"`
	Counts  map[string]int64 `json:"counts"`  // rows by what they are, counted in the copy
	Missing []string         `json:"missing"` // what is not in it, and where that is
	Files   []File           `json:"files"`   // ascending by path
}

// File is one file of a backup.
type File struct {
	Path   string `json:"path"` // below the folder, with slashes
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // hex
}

// Bytes is the size of all files.
func (m Manifest) Bytes() (n int64) {
	for _, f := range m.Files {
		n += f.Bytes
	}
	return n
}

// Has tells whether a file or folder is in the backup.
func (m Manifest) Has(name string) bool {
	for _, f := range m.Files {
		if top, _, _ := cutPath(f.Path); top == name {
			return true
		}
	}
	return false
}

// readManifest reads and checks the manifest alone.
func readManifest(dir string) (Manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, fmt.Errorf("%w: %s holds no %s: it is not a backup, or the backup was interrupted",
			presage.ErrInvalid, dir, manifestName)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("read a backup: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fmt.Errorf("%w: %s in %s is damaged: %w", presage.ErrInvalid, manifestName, dir, err)
	}
	if m.Format != formatVersion {
		return Manifest{}, fmt.Errorf("%w: the backup in %s has format %d, this program reads %d: use %s",
			presage.ErrInvalid, dir, m.Format, formatVersion, m.Program)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Path)) || f.Path == manifestName {
			return Manifest{}, fmt.Errorf("%w: %s in %s names the file %q", presage.ErrInvalid, manifestName, dir, f.Path)
		}
	}
	return m, nil
}

// writeManifest writes m durably.
func writeManifest(dir string, m Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestName)
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return syncPath(path)
}
