package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// newFile makes a file that only its owner reads and that was not there before,
// and takes it away again if write fails: half an export looks like a whole one.
// A name that ends in .gz has it compressed.
func newFile(name string, write func(io.Writer) error) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	err = errors.Join(compressed(file, strings.HasSuffix(name, ".gz"), write), file.Close())
	if err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// compressed hands write a buffered writer to file, with gzip between if asked for.
func compressed(file io.Writer, zip bool, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(file, 1<<20)
	if !zip {
		return errors.Join(write(buffer), buffer.Flush())
	}
	z := gzip.NewWriter(buffer)
	return errors.Join(write(z), z.Close(), buffer.Flush())
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
