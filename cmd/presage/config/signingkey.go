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

const (
	signingKeyFile  = "outreach.key"
	signingKeyBytes = 32
)

// SigningKey returns Outreach.Key or, when that is empty, the key kept in
// DataDir, made at the first call (32 random bytes in hex, readable by the
// owner alone). DataDir must exist. Links signed before a change of key are void.
func (c *Config) SigningKey() (presage.Secret, error) {
	if c.Outreach.Key != "" {
		return c.Outreach.Key, nil
	}
	path := filepath.Join(c.DataDir, signingKeyFile)
	kept, err := os.ReadFile(path)
	if err == nil {
		key := strings.TrimSpace(string(kept))
		if len(key) < 2*signingKeyBytes {
			return "", fmt.Errorf("%w signing key in %s: damaged; remove the file to have a new one made",
				presage.ErrInvalid, path)
		}
		return presage.Secret(key), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the signing key: %w", err)
	}
	return newSigningKey(path)
}

func newSigningKey(path string) (presage.Secret, error) {
	raw := make([]byte, signingKeyBytes)
	if _, err := rand.Read(raw); err != nil {
		return "", fmt.Errorf("make a signing key: %w", err)
	}
	key := hex.EncodeToString(raw)
	// Written aside and renamed: a crash leaves no half of a key behind.
	aside := path + ".new"
	if err := os.WriteFile(aside, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the signing key: %w", err)
	}
	if err := os.Rename(aside, path); err != nil {
		return "", fmt.Errorf("keep the signing key: %w", err)
	}
	return presage.Secret(key), nil
}
