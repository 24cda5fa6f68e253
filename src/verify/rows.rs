//! What belongs to each node of a network, node after node.

/// Items of some nodes.
pub(super) struct Rows<T> {
    first: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Rows<T> {
    /// Items told with their nodes.
    pub(super) fn of(nodes: usize, told: &[(u32, T)]) -> Self {
        let mut first = vec![0u32; nodes + 1];
        told.iter().for_each(|(node, _)| first[*node as usize + 1] += 1);
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut order = vec![0; told.len()];
        for (k, (node, _)) in told.iter().enumerate() {
            let next = &mut next[*node as usize];
            order[*next as usize] = k;
            *next += 1;
        }
        Self { first, items: order.into_iter().map(|k| told[k].1).collect() }
    }

    /// Items of a node, in the order they were told.
    pub(super) fn of_node(&self, node: u32) -> &[T] {
        &self.items[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// For each node, how many hang together with it.
pub(super) fn together(beside: &Rows<u32>) -> Vec<u32> {
    let nodes = beside.first.len() - 1;
    let mut size = vec![0; nodes];
    for start in 0..nodes {
        if size[start] > 0 {
            continue;
        }
        let mut group = vec![start];
        size[start] = 1;
        let mut head = 0;
        while head < group.len() {
            for &next in beside.of_node(group[head] as u32) {
                if size[next as usize] == 0 {
                    size[next as usize] = 1;
                    group.push(next as usize);
                }
            }
            head += 1;
        }
        let count = group.len() as u32;
        group.into_iter().for_each(|node| size[node] = count);
    }
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_with_their_nodes_and_pieces_are_counted() {
        let rows = Rows::of(4, &[(2, 0), (0, 2), (0, 1), (1, 0)]);
        let found: Vec<&[u32]> = (0..4).map(|node| rows.of_node(node)).collect();
        assert_eq!(found, [&[2, 1][..], &[0], &[0], &[]]);
        assert_eq!(together(&rows), [3, 3, 3, 1]);
        assert!(together(&Rows::<u32>::of(0, &[])).is_empty());
    }
}
