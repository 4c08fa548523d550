package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
)

// form is what a file is, and what it says of the picture in it.
type form struct {
	decode      func(io.Reader) (image.Image, error)
	config      func(io.Reader) (image.Config, error)
	heavy       bool // it takes more memory than its pixels
	scans       int  // passes over the picture, of a JPEG
	orientation int  // of Exif: 1 to 8, 0 where nothing is said
}

// mostScans is how many passes a JPEG may take: cameras and programs make 10 at the most,
// and each costs the time of the whole picture.
const mostScans = 50

// Markers of JPEG (ITU T.81, table B.1).
const (
	markProgressive = 0xC2 // SOF2
	markEnd         = 0xD9 // EOI
	markScan        = 0xDA // SOS
	markApp1        = 0xE1
)

// readJPEG walks from marker to marker (ITU T.81, B.1.1) up to the end of the picture.
func (f *form) readJPEG(data []byte) {
	for rest := data; len(rest) >= 2; {
		mark := rest[1]
		switch {
		case rest[0] != 0xFF: // the bits of a scan
			next := bytes.IndexByte(rest, 0xFF)
			if next < 0 {
				return
			}
			rest = rest[next:]
			continue
		case mark == 0xFF: // filling
			rest = rest[1:]
			continue
		case mark <= 0x01 || mark >= 0xD0 && mark <= 0xD8: // stuffed, restart, begin: nothing follows
			rest = rest[2:]
			continue
		case mark == markEnd || len(rest) < 4:
			return
		}
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if length < 2 || len(rest) < 2+length {
			return
		}
		f.segment(mark, rest[4:2+length])
		rest = rest[2+length:]
	}
}

func (f *form) segment(mark byte, body []byte) {
	switch mark {
	case markProgressive:
		f.heavy = true
	case markScan:
		f.scans++
	case markApp1:
		if tiff, is := bytes.CutPrefix(body, []byte("Exif\x00\x00")); is && f.orientation == 0 {
			f.orientation = orientation(tiff)
		}
	}
}

// readPNG looks for the chunk eXIf.
func (f *form) readPNG(data []byte) {
	const around = 12 // length, name and checksum
	for rest := data[8:]; len(rest) >= around; {
		n := binary.BigEndian.Uint32(rest)
		if uint64(n) > uint64(len(rest)-around) {
			return
		}
		if string(rest[4:8]) == "eXIf" {
			f.orientation = orientation(rest[8 : 8+n])
			return
		}
		rest = rest[around+n:]
	}
}

// readWebP looks for the chunk EXIF. Chunks have an even length.
func (f *form) readWebP(data []byte) {
	for rest := data[12:]; len(rest) >= 8; {
		n := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if n > uint64(len(rest)-8) {
			return
		}
		if string(rest[:4]) == "EXIF" {
			f.orientation = orientation(bytes.TrimPrefix(rest[8:8+n], []byte("Exif\x00\x00")))
			return
		}
		rest = rest[min(8+n+n%2, uint64(len(rest))):]
	}
}

// orientation is the tag 274 of the first directory (TIFF 6.0, section 2; Exif 2.32,
// 4.6.4), 0 where there is none.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	entries := int(order.Uint16(tiff[at:]))
	for rest := tiff[at+2:]; entries > 0 && len(rest) >= 12; entries-- {
		if order.Uint16(rest) == 274 {
			if v := int(order.Uint16(rest[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 0
		}
		rest = rest[12:]
	}
	return 0
}
