package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// MaxPayload is the default of Config.MaxPayload, in bytes.
const MaxPayload = 4 << 20

// MaxForeign is the largest payload of a foreign format, in bytes: one value or frame.
const MaxForeign = 1 << 20

// plain checks the size and undoes gzip, which it knows by its first two bytes.
// A byte order mark and the NUL that ends a C string are not part of a document.
// Of gzip that is cut off it gives what was there: the rest of it is read as a
// document that was cut off. What contradicts its own checksum is refused.
func plain(payload []byte, limit int) ([]byte, error) {
	if len(payload) > limit {
		return nil, refuse(ReasonTooLarge, fmt.Sprintf("%d bytes, at most %d: %s", len(payload), limit, tooLargeHint))
	}
	if len(payload) < 2 || payload[0] != 0x1f || payload[1] != 0x8b {
		doc := unmarked(payload)
		if len(bytes.TrimSpace(doc)) == 0 {
			return nil, refuse(ReasonEmpty, "the payload is empty")
		}
		return doc, nil
	}
	return unzipped(payload, limit)
}

func unzipped(payload []byte, limit int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(payload))
	if err != nil {
		return nil, refuse(ReasonMalformed, "gzip: "+err.Error())
	}
	doc, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if len(doc) > limit {
		return nil, refuse(ReasonTooLarge, fmt.Sprintf("more than %d bytes after gunzip: %s", limit, tooLargeHint))
	}
	doc = unmarked(doc)
	empty := len(bytes.TrimSpace(doc)) == 0
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) && !empty {
		err = nil // more behind it, or cut off
	}
	if err != nil {
		return nil, refuse(ReasonMalformed, "gzip: "+err.Error())
	}
	if empty {
		return nil, refuse(ReasonEmpty, "the payload is empty after gunzip")
	}
	return doc, nil
}

const tooLargeHint = "send smaller batches, or raise ingest.max_payload"

// unmarked is text without a byte order mark before it and NULs behind it.
func unmarked(text []byte) []byte {
	return bytes.TrimRight(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), "\x00")
}
