package sqlstore

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"presage"
)

// CheckFile looks at a SQLite file without opening it as one: empty tells that
// it holds nothing or is not there. A file that is not a database, or is shorter
// than its own header says, is an ErrInvalid that says how to mend it. What a
// URL of PostgreSQL names is never empty.
func CheckFile(url string) (empty bool, err error) {
	p, err := parsePlace(url)
	if err != nil || p.file == "" {
		return false, err
	}
	f, err := os.Open(p.file)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("database %s: %w: %w", p, presage.ErrUnavailable, err)
	}
	why, err := fileFault(f)
	err = errors.Join(err, f.Close())
	switch {
	case errors.Is(err, errEmpty):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("database %s: %w: %w", p, presage.ErrUnavailable, err)
	case why != "":
		return false, fmt.Errorf("database %s: %w: %s: put the right file there, or restore a backup (presage restore)",
			p, presage.ErrInvalid, why)
	}
	return false, nil
}

var errEmpty = errors.New("the file is empty")

// fileFault tells what is wrong with a database file by its header, section 1.3
// of SQLite's "Database File Format".
func fileFault(f *os.File) (string, error) {
	var header [100]byte
	n, err := io.ReadFull(f, header[:])
	switch {
	case errors.Is(err, io.EOF):
		return "", errEmpty
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return "", err
	case n < 16 || string(header[:16]) != "SQLite format 3\x00":
		return "the file is not a SQLite database", nil
	case n < len(header):
		return "the file is cut: its header is not whole", nil
	}
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if log, err := os.Stat(f.Name() + "-wal"); err == nil && log.Size() > 0 {
		return "", nil // the log holds pages that the file is to get, and it may hold all of them
	}
	if want := sizeSaid(header[:]); info.Size() < want {
		return fmt.Sprintf("the file is cut: %d bytes, and its header says %d", info.Size(), want), nil
	}
	return "", nil
}

// sizeSaid is how many bytes a header says that its file has; 0 when it does not
// keep that up to date.
func sizeSaid(header []byte) int64 {
	if binary.BigEndian.Uint32(header[24:]) != binary.BigEndian.Uint32(header[92:]) {
		return 0
	}
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 65536
	}
	return page * int64(binary.BigEndian.Uint32(header[28:]))
}
