package photo

import (
	"image"
	"image/color"
)

// shrink makes a picture whose longer side has at most side pixels: each is the mean of
// those that it stands for, over white where they are transparent. A smaller picture
// keeps its size.
func shrink(p image.RGBA64Image, side int) *image.RGBA {
	from := p.Bounds()
	w, h := from.Dx(), from.Dy()
	if longer := max(w, h); longer > side {
		w, h = max(1, w*side/longer), max(1, h*side/longer)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		top, bottom := part(y, h, from.Dy())
		for x := range w {
			left, right := part(x, w, from.Dx())
			at := image.Rect(left, top, right, bottom).Add(from.Min)
			out.SetRGBA(x, y, mean(p, at))
		}
	}
	return out
}

// part is what the i-th of n parts of a length begins and ends with: at least one pixel.
func part(i, n, length int) (from, to int) {
	from = i * length / n
	return from, max(from+1, (i+1)*length/n)
}

func mean(p image.RGBA64Image, in image.Rectangle) color.RGBA {
	var r, g, b uint64
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			c := p.RGBA64At(x, y)
			white := uint64(0xFFFF - c.A)
			r, g, b = r+uint64(c.R)+white, g+uint64(c.G)+white, b+uint64(c.B)+white
		}
	}
	n := uint64(in.Dx()) * uint64(in.Dy()) << 8
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 0xFF}
}

// turned is a picture upright: as Exif says where its first row and column belong.
func (f form) turned(p *image.RGBA) *image.RGBA {
	if f.orientation < 2 {
		return p
	}
	w, h := p.Rect.Dx(), p.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if f.orientation > 4 { // rows are columns
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			toX, toY := place(f.orientation, x, y, w, h)
			out.SetRGBA(toX, toY, p.RGBAAt(x, y))
		}
	}
	return out
}

// place is where a pixel of a w by h picture belongs (Exif 2.32, 4.6.4 A).
func place(orientation, x, y, w, h int) (toX, toY int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // upside down, mirrored
		return x, h - 1 - y
	case 5: // rows are columns
		return y, x
	case 6: // turned left: the first row is the right side
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8: // turned right: the first row is the left side
		return y, w - 1 - x
	}
	return x, y
}
