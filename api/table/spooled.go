package table

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
)

// Spooled is a table that was written whole before any of it is sent: what reads from a store
// must not wait for who reads slowly, and a fault is told instead of half a table.
type Spooled struct{ file *os.File }

// Spool lets write fill a temporary file.
func Spool(write func(io.Writer) error) (*Spooled, error) {
	file, err := os.CreateTemp("", "presage-table-*.csv")
	if err != nil {
		return nil, fmt.Errorf("table to send: %w", err)
	}
	s := &Spooled{file}
	out := bufio.NewWriterSize(file, 64<<10)
	if err := write(out); err != nil {
		return nil, errors.Join(err, s.close())
	}
	err = out.Flush()
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("table to send: %w", err), s.close())
	}
	return s, nil
}

// Send writes the table and removes it; it can be sent once.
func (s *Spooled) Send(w io.Writer) error {
	_, err := io.Copy(w, s.file)
	return errors.Join(err, s.close())
}

func (s *Spooled) close() error { return errors.Join(s.file.Close(), os.Remove(s.file.Name())) }
