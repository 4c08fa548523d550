package sqlstore_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// A file that is not a whole database is told before it is opened.
func TestCheckFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.db")
	must(t, sqltest.OpenURL(t, whole).Close())
	bytes, err := os.ReadFile(whole)
	must(t, err)
	for _, tt := range []struct {
		name  string
		bytes []byte
		empty bool
		want  string // in the error; "" for none
	}{
		{"nothing", nil, true, ""},
		{"whole", bytes, false, ""},
		{"cut in half", bytes[:len(bytes)/2], false, "the file is cut"},
		{"cut in its last page", bytes[:len(bytes)-1], false, "the file is cut"},
		{"cut in its header", bytes[:50], false, "the file is cut"},
		{"foreign", []byte("PK\x03\x04 a backup of something else"), false, "not a SQLite database"},
		{"one byte", []byte("x"), false, "not a SQLite database"},
	} {
		file := filepath.Join(dir, "test.db")
		must(t, os.WriteFile(file, tt.bytes, 0o600))
		empty, err := sqlstore.CheckFile(file)
		if empty != tt.empty || (err == nil) != (tt.want == "") {
			t.Errorf("%s: empty %v, %v", tt.name, empty, err)
		}
		if err != nil && (!errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), tt.want) ||
			!strings.Contains(err.Error(), file)) {
			t.Errorf("%s: %v; want an ErrInvalid with %q and the file", tt.name, err, tt.want)
		}
	}
	// A full disk stopped SQLite while it moved pages from its log into the file.
	file := filepath.Join(dir, "moving.db")
	must(t, os.WriteFile(file, bytes[:4096], 0o600))
	must(t, os.WriteFile(file+"-wal", make([]byte, 32), 0o600))
	if empty, err := sqlstore.CheckFile(file); empty || err != nil {
		t.Errorf("with a log: %v, %v", empty, err)
	}
	if empty, err := sqlstore.CheckFile(filepath.Join(dir, "absent.db")); !empty || err != nil {
		t.Errorf("absent: %v, %v", empty, err)
	}
	if empty, err := sqlstore.CheckFile("postgres://u:p@h/d"); empty || err != nil {
		t.Errorf("a server's: %v, %v", empty, err)
	}
}
