package procs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"presage"
)

// Find is the path of a program: what the variable names, on the PATH, or the last file
// of the pattern where `make deps` puts them; else an ErrNotFound.
func Find(program, variable, pattern string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	if cache, err := os.UserCacheDir(); err == nil {
		found, err := filepath.Glob(filepath.Join(cache, "presage", "bin", pattern))
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("%w: no %s: set %s or run make deps", presage.ErrNotFound, program, variable)
}
