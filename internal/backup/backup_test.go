package backup_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/backup"
)

func began() time.Time { return time.UnixMilli(1_732_190_000_123).UTC() }

// file is a part of one file.
func file(name, content string) backup.Part {
	return backup.Part{Name: name, Copy: func(_ context.Context, target string) (map[string]int64, error) {
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			return nil, err
		}
		return map[string]int64{name: 1}, os.WriteFile(target, []byte(content), 0o600)
	}}
}

// create writes a backup of two files.
func create(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "backups", "one")
	m := backup.Manifest{Program: "v1", Began: began(), Missing: []string{"the broker"}}
	got, err := backup.Create(t.Context(), dir, m, began, []backup.Part{file("key", "abc"), file("tables/1", "x")})
	if err != nil {
		t.Fatal(err)
	}
	want := backup.Manifest{
		Format: 1, Program: "v1", Began: began(), Ended: began(), Missing: []string{"the broker"},
		Counts: map[string]int64{"key": 1, "tables/1": 1},
		Files: []backup.File{
			// FIPS 180-2, appendix B.1: the sum of "abc"; that of "x" is from sha256sum.
			{Path: "key", Bytes: 3, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
			{Path: "tables/1", Bytes: 1, SHA256: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
	if again, err := backup.Verify(t.Context(), dir); err != nil || !cmp.Equal(got, again) {
		t.Errorf("Verify: %v\n%s", err, cmp.Diff(got, again))
	}
	return dir
}

func TestRestore(t *testing.T) {
	t.Parallel()
	dir, target := create(t), filepath.Join(t.TempDir(), "data")
	m, err := backup.Restore(t.Context(), dir, target)
	if err != nil || !m.Has("tables") || m.Has("1") || m.Bytes() != 4 {
		t.Fatalf("%+v, %v", m, err)
	}
	for name, want := range map[string]string{"key": "abc", "tables/1": "x"} {
		if got, err := os.ReadFile(filepath.Join(target, name)); string(got) != want || err != nil {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	entries, err := os.ReadDir(target)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v; want the two parts and nothing else", entries, err)
	}
	if _, err := backup.Restore(t.Context(), dir, target); !errors.Is(err, presage.ErrConflict) ||
		!strings.Contains(err.Error(), "not empty (key)") {
		t.Errorf("a second restore to the same place: %v", err)
	}
}

// What the restorer itself holds in the target is not replaced.
func TestRestoreLeavesTheLock(t *testing.T) {
	t.Parallel()
	dir, target := filepath.Join(t.TempDir(), "one"), t.TempDir()
	if _, err := backup.Create(t.Context(), dir, backup.Manifest{}, began, []backup.Part{file("LOCK", "x"), file("key", "abc")}); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), dir, target, "LOCK"); !errors.Is(err, presage.ErrInvalid) ||
		!strings.Contains(err.Error(), "names LOCK") {
		t.Errorf("%v; want an ErrInvalid that names LOCK", err)
	}
	if left, err := os.ReadDir(target); err != nil || len(left) > 0 {
		t.Errorf("%v, %v; want nothing restored", left, err)
	}
}

// Every damage is found, and named by its file.
func TestDamage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage func(dir string) error
		want   string
	}{
		"flipped":   {func(d string) error { return os.WriteFile(d+"/key", []byte("abd"), 0o600) }, "key has another content"},
		"cut":       {func(d string) error { return os.Truncate(d+"/key", 1) }, "key has 1 bytes, the manifest says 3"},
		"missing":   {func(d string) error { return os.Remove(d + "/tables/1") }, "tables/1 is missing"},
		"more":      {func(d string) error { return os.WriteFile(d+"/tables/2", nil, 0o600) }, "tables/2 is not in the manifest"},
		"manifest":  {func(d string) error { return os.Truncate(d+"/manifest.json", 40) }, "manifest.json in "},
		"no backup": {func(d string) error { return os.Remove(d + "/manifest.json") }, "holds no manifest.json"},
		"format":    {rewrite(`"format": 1`, `"format": 2`), "has format 2, this program reads 1: use v1"},
		"traversal": {rewrite(`"path": "key"`, `"path": "../key"`), `names the file "../key"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, target := create(t), filepath.Join(t.TempDir(), "data")
			if err := c.damage(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Restore(t.Context(), dir, target); !errors.Is(err, presage.ErrInvalid) ||
				!strings.Contains(err.Error(), c.want) {
				t.Errorf("%v; want an ErrInvalid with %q", err, c.want)
			}
			if _, err := os.Stat(target); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something was restored: %v", err)
			}
		})
	}
}

func rewrite(from, to string) func(string) error {
	return func(dir string) error {
		text, err := os.ReadFile(dir + "/manifest.json")
		if err != nil {
			return err
		}
		return os.WriteFile(dir+"/manifest.json", []byte(strings.Replace(string(text), from, to, 1)), 0o600)
	}
}

// A backup that fails leaves nothing; one to a place in use is refused.
func TestCreateFails(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "one")
	full := errors.New("disk full")
	broken := backup.Part{Name: "sql", Copy: func(context.Context, string) (map[string]int64, error) { return nil, full }}
	_, err := backup.Create(t.Context(), dir, backup.Manifest{}, began, []backup.Part{file("key", "abc"), broken})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), "sql") {
		t.Errorf("Create: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := os.Mkdir(dir+".partial", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{dir, filepath.Dir(dir)} {
		if _, err := backup.Create(t.Context(), place, backup.Manifest{}, began, nil); !errors.Is(err, presage.ErrConflict) {
			t.Errorf("to %s: %v, want an ErrConflict", place, err)
		}
	}
}

// A directory in which a restore was interrupted is known as such.
func TestUnfinishedRestore(t *testing.T) {
	t.Parallel()
	dir, target := create(t), t.TempDir()
	if err := os.Mkdir(filepath.Join(target, backup.Unfinished), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), dir, target); !errors.Is(err, presage.ErrConflict) ||
		!strings.Contains(err.Error(), "interrupted") {
		t.Errorf("Restore: %v", err)
	}
}
