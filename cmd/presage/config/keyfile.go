package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"presage"
)

// Keys that are made at the first start and kept in DataDir, readable by the
// owner alone.
const (
	signingKeyFile  = "outreach.key"
	signingKeyBytes = 32
	adminKeyFile    = "admin.key"
	adminKeyBytes   = 20
)

// SigningKey returns Outreach.Key or, when that is empty, the key kept in
// DataDir, made at the first call (32 random bytes in hex). DataDir must exist.
// Links signed before a change of key are void.
func (c *Config) SigningKey() (presage.Secret, error) {
	if c.Outreach.Key != "" {
		return c.Outreach.Key, nil
	}
	key, err := keptKey(filepath.Join(c.DataDir, signingKeyFile), signingKeyBytes)
	if errors.Is(err, fs.ErrNotExist) {
		key, err = newKey(filepath.Join(c.DataDir, signingKeyFile), signingKeyBytes)
	}
	return key, err
}

// OpenAdminKey returns HTTP.AdminKey or, when that is empty, the key kept in
// DataDir, made at the first call (20 random bytes in hex). DataDir must exist.
func (c *Config) OpenAdminKey() (presage.Secret, error) {
	key, err := c.KnownAdminKey()
	if errors.Is(err, presage.ErrNotFound) {
		return newKey(filepath.Join(c.DataDir, adminKeyFile), adminKeyBytes)
	}
	return key, err
}

// KnownAdminKey is OpenAdminKey for who must not make one: ErrNotFound when
// there is none.
func (c *Config) KnownAdminKey() (presage.Secret, error) {
	if c.HTTP.AdminKey != "" {
		return c.HTTP.AdminKey, nil
	}
	key, err := keptKey(filepath.Join(c.DataDir, adminKeyFile), adminKeyBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("admin key: %w in %s: the first `presage serve` makes it; "+
			"or name the service's directory with --data", presage.ErrNotFound, c.DataDir)
	}
	return key, err
}

// KeyFor is the admin key to show a service at url: the configured one, or the
// one kept in DataDir when the service is on this machine. "" when there is
// none: the service says what it wants.
func (c *Config) KeyFor(url string) (presage.Secret, error) {
	if c.HTTP.AdminKey == "" && !LocalURL(url) {
		return "", nil
	}
	key, err := c.KnownAdminKey()
	if errors.Is(err, presage.ErrNotFound) {
		return "", nil
	}
	return key, err
}

// keptKey reads a key of n bytes; fs.ErrNotExist when there is none.
func keptKey(path string, n int) (presage.Secret, error) {
	kept, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the key: %w", err)
	}
	key := strings.TrimSpace(string(kept))
	if len(key) < 2*n {
		return "", fmt.Errorf("%w key in %s: damaged; remove the file to have a new one made", presage.ErrInvalid, path)
	}
	return presage.Secret(key), nil
}

// newKey makes a key of n bytes and keeps it.
func newKey(path string, n int) (presage.Secret, error) {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: the program would have been stopped
	key := hex.EncodeToString(raw)
	// Written aside and renamed: a crash leaves no half of a key behind.
	aside := path + ".new"
	if err := os.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("keep a new key: %w", err)
	}
	if err := os.WriteFile(aside, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep a new key: %w", err)
	}
	if err := os.Rename(aside, path); err != nil {
		return "", fmt.Errorf("keep a new key: %w", err)
	}
	return presage.Secret(key), nil
}
