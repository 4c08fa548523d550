package simulator

// heap is a binary min-heap.
type heap[T any] struct {
	rows []T
	less func(a, b *T) bool
}

// push adds x.
func (h *heap[T]) push(x T) {
	h.rows = append(h.rows, x)
	for i := len(h.rows) - 1; i > 0; {
		up := (i - 1) / 2
		if !h.less(&h.rows[i], &h.rows[up]) {
			return
		}
		h.rows[i], h.rows[up] = h.rows[up], h.rows[i]
		i = up
	}
}

// top is the least row, nil when there is none. Whoever changes it calls sink.
func (h *heap[T]) top() *T {
	if len(h.rows) == 0 {
		return nil
	}
	return &h.rows[0]
}

// pop removes the least row.
func (h *heap[T]) pop() T {
	x := h.rows[0]
	last := len(h.rows) - 1
	h.rows[0] = h.rows[last]
	var zero T
	h.rows[last] = zero
	h.rows = h.rows[:last]
	h.sink()
	return x
}

// sink puts the top row where it belongs after it grew.
func (h *heap[T]) sink() {
	for i := 0; ; {
		least := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(h.rows) && h.less(&h.rows[child], &h.rows[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		h.rows[i], h.rows[least] = h.rows[least], h.rows[i]
		i = least
	}
}
