import { Field } from "@/ui/field";

interface Props {
  label: string;
  accept: string;
  onFile: (file: File) => Promise<void>;
}

export function FileChoice({ label, accept, onFile }: Props) {
  return (
    <Field label={label}>
      {(described) => (
        <input
          className="input"
          type="file"
          accept={accept}
          {...described}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            // Choosing the same file again, now mended, is a change too.
            if (file) void onFile(file).finally(() => (target.value = ""));
          }}
        />
      )}
    </Field>
  );
}
