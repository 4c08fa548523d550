// Package graph draws the plots that commands write with --plot: each as SVG
// for print and PNG for a chat.
package graph

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// New is an empty plot with a grid, drawn in the order in which things are added.
func New(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = vg.Points(8)
	p.BackgroundColor = color.White
	p.Legend.Top = true
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{Y: 225}, color.Gray{Y: 225}
	p.Add(grid)
	return p
}

// Colour is one of a few that colour-blind people tell apart (Okabe and Ito 2008).
func Colour(i int) color.RGBA {
	palette := []color.RGBA{
		{R: 0, G: 114, B: 178, A: 255},
		{R: 213, G: 94, B: 0, A: 255},
		{R: 0, G: 158, B: 115, A: 255},
		{R: 204, G: 121, B: 167, A: 255},
		{R: 86, G: 180, B: 233, A: 255},
		{R: 230, G: 159, B: 0, A: 255},
	}
	return palette[i%len(palette)]
}

// Line adds points joined by a line, in the legend under name unless it is "".
func Line(p *plot.Plot, name string, i int, points plotter.XYs) error {
	return add(p, name, points, func(l *plotter.Line) { l.Color, l.Width = Colour(i), vg.Points(1.6) })
}

// Dashed is Line with dashes.
func Dashed(p *plot.Plot, name string, i int, points plotter.XYs) error {
	return add(p, name, points, func(l *plotter.Line) {
		l.Color, l.Width, l.Dashes = Colour(i), vg.Points(1), []vg.Length{vg.Points(4), vg.Points(3)}
	})
}

// Steps adds a step function in black: what was observed rather than fitted.
func Steps(p *plot.Plot, name string, points plotter.XYs) error {
	return add(p, name, points, func(l *plotter.Line) {
		l.Color, l.Width, l.StepStyle = color.Black, vg.Points(1.4), plotter.PostStep
	})
}

func add(p *plot.Plot, name string, points plotter.XYs, style func(*plotter.Line)) error {
	if len(points) == 0 {
		return nil
	}
	l, err := plotter.NewLine(points)
	if err != nil {
		return fmt.Errorf("plot %s: %w", name, err)
	}
	style(l)
	p.Add(l)
	if name != "" {
		p.Legend.Add(name, l)
	}
	return nil
}

// Band adds an area between two lines over the same abscissae.
func Band(p *plot.Plot, name string, i int, low, high plotter.XYs) error {
	if len(low) == 0 {
		return nil
	}
	outline := append(plotter.XYs(nil), low...)
	for _, point := range slices.Backward(high) {
		outline = append(outline, point)
	}
	area, err := plotter.NewPolygon(outline)
	if err != nil {
		return fmt.Errorf("plot %s: %w", name, err)
	}
	c := Colour(i)
	area.Color, area.Width = color.NRGBA{R: c.R, G: c.G, B: c.B, A: 50}, 0
	p.Add(area)
	if name != "" {
		p.Legend.Add(name, area)
	}
	return nil
}

// Dots adds points.
func Dots(p *plot.Plot, name string, i int, points plotter.XYs) error {
	if len(points) == 0 {
		return nil
	}
	s, err := plotter.NewScatter(points)
	if err != nil {
		return fmt.Errorf("plot %s: %w", name, err)
	}
	s.Color, s.Radius, s.Shape = Colour(i), vg.Points(2), draw.CircleGlyph{}
	p.Add(s)
	if name != "" {
		p.Legend.Add(name, s)
	}
	return nil
}

// Save writes name.svg and name.png into dir, which is made if need be.
func Save(p *plot.Plot, dir, name string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for _, kind := range []string{".svg", ".png"} {
		if err := p.Save(9*vg.Inch, 5.5*vg.Inch, filepath.Join(dir, name+kind)); err != nil {
			return fmt.Errorf("plot %s: %w", name+kind, err)
		}
	}
	return nil
}
