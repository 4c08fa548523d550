package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"presage"
)

// stepped is a file that package clock gets in a build of presage whose wall
// can be set: Linux has no wall of its own for a process.
//
//go:embed stepped.go.txt
var stepped []byte

// wall is the wall clock of one presage process.
type wall struct {
	program string
	file    string // holds how far it is moved
}

// patch replaces a text of a source file, which holds it once.
type patch struct{ file, old, new string }

// patches are the two places where the machine's clock enters the service.
func patches() []patch {
	const edge = "cmd/presage/app/edge.go"
	return []patch{
		{"cmd/presage/clock/clock.go", "return By(time.Now, offset)", "return By(Stepped, offset)"},
		{edge, "func wallClock() time.Time { return time.Now() }", "var wallClock = clock.Stepped"},
		{edge, "\t\"presage\"\n", "\t\"presage\"\n\t\"presage/cmd/presage/clock\"\n"},
	}
}

// buildWall builds, in dir, presage with a wall that can be set. It needs Go and
// this source; nothing else of the program differs.
func buildWall(ctx context.Context, dir string) (*wall, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "presage").Output()
	if err != nil {
		return nil, fmt.Errorf("%w: the source of presage, to build it with a clock that can be set: %w",
			presage.ErrUnavailable, err)
	}
	root := strings.TrimSpace(string(out))
	replace := map[string]string{filepath.Join(root, "cmd/presage/clock/stepped.go"): filepath.Join(dir, "stepped.go")}
	if err := os.WriteFile(filepath.Join(dir, "stepped.go"), stepped, 0o600); err != nil {
		return nil, err
	}
	for _, p := range patches() {
		if err := p.apply(root, dir, replace); err != nil {
			return nil, err
		}
	}
	return build(ctx, root, dir, replace)
}

// apply writes the patched file into dir and notes it in replace, by the source
// that it stands for.
func (p patch) apply(root, dir string, replace map[string]string) error {
	source := filepath.Join(root, p.file)
	from, again := replace[source]
	if !again {
		from = source
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if !bytes.Contains(text, []byte(p.old)) {
		return fmt.Errorf("%s: %w: no %q any more: mend patches", p.file, presage.ErrNotFound, p.old)
	}
	replace[source] = filepath.Join(dir, "patched-"+filepath.Base(p.file))
	text = bytes.Replace(text, []byte(p.old), []byte(p.new), 1)
	return os.WriteFile(replace[source], text, 0o600) //nolint:gosec // dir is ours
}

func build(ctx context.Context, root, dir string, replace map[string]string) (*wall, error) {
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return nil, err
	}
	w := &wall{program: filepath.Join(dir, "presage"), file: filepath.Join(dir, "step")}
	// The flags of `make build`, so that what it has compiled is used.
	//nolint:gosec // our own program
	compile := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-overlay", list,
		"-o", w.program, "./cmd/presage")
	compile.Dir, compile.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build presage with a clock that can be set: %w\n%s", err, out)
	}
	return w, w.set(0)
}

// set moves the wall to by from the machine's.
func (w *wall) set(by time.Duration) error {
	next := w.file + ".next" // so that nobody reads a half
	if err := os.WriteFile(next, []byte(strconv.FormatInt(by.Milliseconds(), 10)), 0o600); err != nil {
		return err
	}
	return os.Rename(next, w.file)
}

func (w *wall) env() []string { return []string{"CHAOS_CLOCK_STEP=" + w.file} }
