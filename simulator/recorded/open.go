package recorded

import (
	"fmt"
	"iter"
	"time"

	"presage"
)

// Options say how a recording is published.
type Options struct {
	VIN       presage.VIN
	Start     time.Time // of the first row; zero keeps the recording's own times
	BatchRows int       // rows a message at most, 1-500; 0 for 20
}

// Message is one telemetry message of the recording.
type Message struct {
	Topic   string
	Payload []byte    // owned by the receiver
	At      time.Time // event time of the newest row inside
	Rows    int
}

// Counts says what was read.
type Counts struct {
	Rows     int // rows read; a row of a pair of joined files counts once
	Distinct int // instants among them: what a store holds afterwards
	Moved    int // rows moved by some ms because they shared an instant with another
	Blank    int // rows without any reading, which are not sent
	Missing  int // cells without a reading
}

// Reader reads a recording. It is not safe for use by several goroutines.
type Reader struct {
	source source
	o      Options
	counts Counts
}

// source is a recording in one format.
type source interface {
	// check reads the headers.
	check() error
	// rows yields the recording in time order. A row is valid until the next one is asked for.
	rows() iter.Seq2[row, error]
	// encode writes the members of a row's "signals" object.
	encode(b []byte, r row) []byte
}

// row is one row of a recording.
type row struct {
	at     int64 // ms since 1970
	values []float64
}

// Formats lists the formats that Open knows.
func Formats() []string { return []string{"ev-cloud", "carobd", "kit-obd"} }

// Open checks the files' headers. The error is an ErrInvalid that names the
// file, the line and the column, or comes from the file system. The files are
// opened again whenever Messages is read.
func Open(format string, files []string, o Options) (*Reader, error) {
	if _, err := presage.ParseVIN(string(o.VIN)); err != nil {
		return nil, fmt.Errorf("open recording: %w", err)
	}
	if o.BatchRows == 0 {
		o.BatchRows = 20
	}
	if o.BatchRows < 1 || o.BatchRows > 500 {
		return nil, fmt.Errorf("open recording: %w batch of %d rows, want 1-500", presage.ErrInvalid, o.BatchRows)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("open recording: %w: no files given", presage.ErrInvalid)
	}
	var s source
	switch format {
	case "ev-cloud":
		s = &evCloud{files: files}
	case "carobd":
		s = &carOBD{table: table{columns: carOBDColumns()}, files: files}
	case "kit-obd":
		s = &kitOBD{table: table{columns: kitOBDColumns()}, files: files}
	default:
		return nil, fmt.Errorf("open recording: %w format %q, want one of %q", presage.ErrInvalid, format, Formats())
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("open %s recording: %w", format, err)
	}
	return &Reader{source: s, o: o}, nil
}

// Counts says what the present or last reading of Messages has met so far.
func (r *Reader) Counts() Counts { return r.counts }
