interface Place {
  file: string;
  find: string;
  replace: string;
}

export const MUTANTS: (Place & { name: string; also?: Place })[];
