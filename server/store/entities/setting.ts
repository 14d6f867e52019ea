import { defineEntity, p } from "@mikro-orm/core";

/** What all servers of the database share, such as the key that signs tokens. */
export const SettingSchema = defineEntity({
  name: "Setting",
  tableName: "settings",
  properties: {
    key: p.text().primary(),
    value: p.text(),
  },
});

export class SettingRow extends SettingSchema.class {}
SettingSchema.setClass(SettingRow);
