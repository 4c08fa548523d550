package photo_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"presage"
	"presage/internal/photo"
)

// quarters is a picture of four colours: red and green above, blue and white below.
func quarters(w, h int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{A: 0xFF}
			switch {
			case y < h/2 && x < w/2:
				c.R = 0xFF
			case y < h/2:
				c.G = 0xFF
			case x < w/2:
				c.B = 0xFF
			default:
				c = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

func asJPEG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// exif is a TIFF header with one entry, the orientation, and a place that must not stay
// (TIFF 6.0, section 2; as text, for a search).
func exif(order binary.ByteOrder, turn int) []byte {
	head := []byte("MM\x00\x2A")
	if order == binary.LittleEndian {
		head = []byte("II\x2A\x00")
	}
	b := bytes.NewBuffer(head)
	for _, v := range []any{uint32(8), uint16(1), uint16(274), uint16(3), uint32(1), uint16(turn), uint16(0), uint32(0)} {
		_ = binary.Write(b, order, v)
	}
	b.WriteString("GPS 52.52 N 13.40 E")
	return b.Bytes()
}

// withApp1 puts a segment APP1 behind the first marker of a JPEG.
func withApp1(data, body []byte) []byte {
	body = append([]byte("Exif\x00\x00"), body...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(body)+2))
	return bytes.Join([][]byte{data[:2], segment, body, data[2:]}, nil)
}

// withChunk puts a chunk behind the header of a PNG, which takes 33 bytes.
func withChunk(data []byte, name string, body []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return bytes.Join([][]byte{data[:33], chunk, data[33:]}, nil)
}

// webpDot is one pixel as lossless WebP, from the WebP container specification's
// smallest files.
const webpDot = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

// colourAt names the colour in the middle of a quarter.
func colourAt(p image.Image, right, below bool) string {
	b := p.Bounds()
	x, y := b.Dx()/4, b.Dy()/4
	if right {
		x = b.Dx() * 3 / 4
	}
	if below {
		y = b.Dy() * 3 / 4
	}
	r, g, bl, _ := p.At(x, y).RGBA()
	name := ""
	for i, v := range []uint32{r, g, bl} {
		if v > 0x8000 {
			name += string("rgb"[i])
		}
	}
	return name
}

func corners(t *testing.T, data []byte) [4]string {
	t.Helper()
	p, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return [4]string{colourAt(p, false, false), colourAt(p, true, false), colourAt(p, false, true), colourAt(p, true, true)}
}

// Whichever way a camera was held, the picture is upright, and nothing says any more
// where it was taken. The corners are by hand from the table of Exif 2.32, 4.6.4 A: the
// entry says which side of the scene the first row and the first column are.
func TestPicturesAreUprightAndSayNothing(t *testing.T) {
	t.Parallel()
	m := photo.NewMaker()
	for turn, want := range map[int][4]string{
		0: {"r", "g", "b", "rgb"},
		1: {"r", "g", "b", "rgb"},
		2: {"g", "r", "rgb", "b"},
		3: {"rgb", "b", "g", "r"},
		4: {"b", "rgb", "r", "g"},
		5: {"r", "b", "g", "rgb"},
		6: {"b", "r", "rgb", "g"},
		7: {"rgb", "g", "b", "r"},
		8: {"g", "rgb", "r", "b"},
		9: {"r", "g", "b", "rgb"}, // nonsense
	} {
		for name, data := range map[string][]byte{
			"JPEG":                withApp1(asJPEG(t, quarters(64, 32)), exif(binary.BigEndian, turn)),
			"JPEG, little-endian": withApp1(asJPEG(t, quarters(64, 32)), exif(binary.LittleEndian, turn)),
			"PNG":                 withChunk(asPNG(t, quarters(64, 32)), "eXIf", exif(binary.BigEndian, turn)),
		} {
			f, err := m.Make(t.Context(), data)
			if err != nil {
				t.Fatalf("%s %d: %v", name, turn, err)
			}
			if got := corners(t, f.Body); got != want {
				t.Errorf("%s %d: corners %v, want %v", name, turn, got, want)
			}
			w, h := 64, 32
			if turn >= 5 && turn <= 8 {
				w, h = h, w
			}
			if f.Width != w || f.Height != h || f.Bytes != len(f.Body) {
				t.Errorf("%s %d: %dx%d, %d bytes", name, turn, f.Width, f.Height, f.Bytes)
			}
			for _, kept := range [][]byte{f.Body, f.Small} {
				if bytes.Contains(kept, []byte("GPS")) || bytes.Contains(kept, []byte("Exif")) {
					t.Errorf("%s %d: what the camera wrote is kept", name, turn)
				}
			}
		}
	}
}

func TestPicturesAreScaled(t *testing.T) {
	t.Parallel()
	f, err := photo.NewMaker().Make(t.Context(), asJPEG(t, quarters(3200, 1000)))
	if err != nil {
		t.Fatal(err)
	}
	small, err := jpeg.DecodeConfig(bytes.NewReader(f.Small))
	if err != nil {
		t.Fatal(err)
	}
	if f.Width != 1600 || f.Height != 500 || small.Width != 320 || small.Height != 100 {
		t.Errorf("kept %dx%d and %dx%d, want 1600x500 and 320x100", f.Width, f.Height, small.Width, small.Height)
	}
	if got, want := corners(t, f.Small), [4]string{"r", "g", "b", "rgb"}; got != want {
		t.Errorf("corners %v, want %v", got, want)
	}
}

// What is transparent is white; a line of one pixel stays one.
func TestThinAndTransparent(t *testing.T) {
	t.Parallel()
	f, err := photo.NewMaker().Make(t.Context(), asPNG(t, image.NewNRGBA(image.Rect(0, 0, 5000, 1))))
	if err != nil {
		t.Fatal(err)
	}
	if got := corners(t, f.Body); f.Width != 1600 || f.Height != 1 || got[0] != "rgb" {
		t.Errorf("%dx%d of %v", f.Width, f.Height, got)
	}
	dot, err := base64.StdEncoding.DecodeString(webpDot)
	if err != nil {
		t.Fatal(err)
	}
	if f, err = photo.NewMaker().Make(t.Context(), dot); err != nil || f.Width != 1 || f.Height != 1 {
		t.Errorf("WebP: %dx%d, %v", f.Width, f.Height, err)
	}
}

// hugePNG says that it is large and holds nothing.
func hugePNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	head = append(head, 8, 2, 0, 0, 0)
	data := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	data = append(data, head...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(data[12:]))
}

// hugeJPEG is a small JPEG whose frame says another size: 5 bytes behind the marker SOF0.
func hugeJPEG(t *testing.T, w, h uint16) []byte {
	t.Helper()
	data := asJPEG(t, quarters(16, 16))
	at := bytes.Index(data, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(data[at+5:], h)
	binary.BigEndian.PutUint16(data[at+7:], w)
	return data
}

// manyScans is a JPEG with as many scans.
func manyScans(t *testing.T, n int) []byte {
	t.Helper()
	data := asJPEG(t, quarters(16, 16))
	at := bytes.Index(data, []byte{0xFF, 0xDA})
	scan := data[at : len(data)-2]
	return bytes.Join([][]byte{data[:at], bytes.Repeat(scan, n), data[len(data)-2:]}, nil)
}

func TestRefused(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, quarters(64, 64))
	for name, c := range map[string]struct {
		data []byte
		why  string
	}{
		"nothing":            {nil, presage.WhyPhotoEmpty},
		"text":               {[]byte("<svg onload=alert(1)>"), presage.WhyPhotoKind},
		"GIF":                {[]byte("GIF89a\x01\x00\x01\x00"), presage.WhyPhotoKind},
		"HEIC":               {[]byte("\x00\x00\x00\x18ftypheic"), presage.WhyPhotoKind},
		"too many bytes":     {append(bytes.Clone(whole), make([]byte, presage.MostPhotoBytes)...), presage.WhyPhotoLarge},
		"cut":                {whole[:len(whole)/2], presage.WhyPhotoBroken},
		"begins and ends":    {[]byte{0xFF, 0xD8, 0xFF, 0xD9}, presage.WhyPhotoBroken},
		"a bomb, PNG":        {hugePNG(60_000, 60_000), presage.WhyPhotoPixels},
		"a long bomb, PNG":   {hugePNG(0x7FFFFFFF, 1), presage.WhyPhotoPixels},
		"a bomb, JPEG":       {hugeJPEG(t, 65_535, 65_535), presage.WhyPhotoPixels},
		"a scan of nothing":  {hugeJPEG(t, 4_000, 4_000), presage.WhyPhotoBroken},
		"a thousand scans":   {manyScans(t, 1000), presage.WhyPhotoBroken},
		"WebP without more":  {[]byte("RIFF\x0C\x00\x00\x00WEBPVP8 "), presage.WhyPhotoBroken},
		"PNG, nothing in it": {hugePNG(10, 10), presage.WhyPhotoBroken},
	} {
		_, err := photo.NewMaker().Make(t.Context(), c.data)
		fault, ok := errors.AsType[presage.PhotoError](err)
		if !ok || fault.Why.Code != c.why || !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v, want %s", name, err, c.why)
		}
	}
}

// Nothing is decoded for who has gone away, and the turn is given back each time.
func TestMakeEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := photo.NewMaker()
	for range 3 {
		if _, err := m.Make(ctx, asPNG(t, quarters(2, 2))); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if _, err := m.Make(t.Context(), asPNG(t, quarters(2, 2))); err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing that is sent stops the process.
func FuzzMake(f *testing.F) {
	for _, seed := range [][]byte{hugePNG(4, 4), []byte("RIFF\x0C\x00\x00\x00WEBPVP8L"), {0xFF, 0xD8, 0xFF, 0xE1, 0, 9}} {
		f.Add(seed)
	}
	m := photo.NewMaker()
	f.Fuzz(func(t *testing.T, data []byte) {
		made, err := m.Make(t.Context(), data)
		if err != nil && !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%v is no PhotoError", err)
		}
		if err == nil && (made.Width < 1 || made.Width > 1600 || made.Height < 1 || made.Height > 1600) {
			t.Errorf("%dx%d", made.Width, made.Height)
		}
	})
}
