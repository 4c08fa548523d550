package photo

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"strconv"

	"golang.org/x/image/webp"

	"presage"
)

// How large pictures are kept: their longer side in pixels, and the quality of the JPEG
// in percent.
const (
	keptSide  = 1600
	smallSide = 320
	quality   = 82
)

// Maker decodes one picture at a time. Make it with NewMaker; it is safe for use by many
// goroutines.
type Maker struct{ turn chan struct{} }

// NewMaker returns a maker.
func NewMaker() *Maker { return &Maker{make(chan struct{}, 1)} }

// Make makes the two sizes that are kept of a JPEG, PNG or WebP, and says how large the
// larger is. A presage.PhotoError says what is wrong with the picture, else it is ctx's.
func (m *Maker) Make(ctx context.Context, data []byte) (presage.PhotoFile, error) {
	var made presage.PhotoFile
	f, err := look(data)
	if err != nil {
		return made, err
	}
	if err := ctx.Err(); err != nil {
		return made, err
	}
	select {
	case m.turn <- struct{}{}:
	case <-ctx.Done():
		return made, ctx.Err()
	}
	defer func() { <-m.turn }()
	source, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return made, refused(presage.WhyPhotoBroken)
	}
	readable, ok := source.(image.RGBA64Image)
	if !ok {
		return made, refused(presage.WhyPhotoBroken)
	}
	kept := f.turned(shrink(readable, keptSide))
	made.Width, made.Height = kept.Rect.Dx(), kept.Rect.Dy()
	if made.Body, err = encode(kept); err != nil {
		return made, err
	}
	made.Bytes = len(made.Body)
	made.Small, err = encode(shrink(kept, smallSide))
	return made, err
}

func encode(p *image.RGBA) ([]byte, error) {
	var out bytes.Buffer
	err := jpeg.Encode(&out, p, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

func refused(code string, pairs ...string) error {
	return presage.PhotoError{Why: presage.Because(code, pairs...)}
}

// look reads what a picture says of itself, and refuses what is too large to decode.
func look(data []byte) (form, error) {
	if len(data) == 0 {
		return form{}, refused(presage.WhyPhotoEmpty)
	}
	if len(data) > presage.MostPhotoBytes {
		return form{}, refused(presage.WhyPhotoLarge, "most", strconv.Itoa(presage.MostPhotoBytes>>20))
	}
	f, known := formOf(data)
	if !known {
		return f, refused(presage.WhyPhotoKind)
	}
	size, err := f.config(bytes.NewReader(data))
	if err != nil || size.Width < 1 || size.Height < 1 || f.scans > mostScans {
		return f, refused(presage.WhyPhotoBroken)
	}
	most := presage.MostPixels
	if f.heavy {
		most = presage.MostHeavyPixels
	}
	if size.Width > most/size.Height {
		return f, refused(presage.WhyPhotoPixels,
			"width", strconv.Itoa(size.Width), "height", strconv.Itoa(size.Height), "most", strconv.Itoa(most/1_000_000))
	}
	return f, nil
}

// formOf tells the form of a file by its first bytes.
func formOf(data []byte) (form, bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8, 0xFF}):
		f := form{decode: jpeg.Decode, config: jpeg.DecodeConfig}
		f.readJPEG(data)
		return f, true
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		f := form{decode: png.Decode, config: png.DecodeConfig, heavy: true}
		f.readPNG(data)
		return f, true
	case len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		f := form{decode: webp.Decode, config: webp.DecodeConfig, heavy: true}
		f.readWebP(data)
		return f, true
	}
	return form{}, false
}
